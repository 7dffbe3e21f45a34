"""Counts what was expected, and says what did not hold."""

import sys

failures, checks = [], 0


def expect(holds, what):
    global checks
    checks += 1
    if not holds:
        failures.append(what)
        print(f"FAILED: {what}")


def end():
    print(f"{checks} checks, {len(failures)} failed")
    sys.exit(1 if failures else 0)
