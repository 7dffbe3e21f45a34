#!/usr/bin/env python3
"""Makes a hostile repository and the reports of it in every format: make.py KEYSIEVE OUT.

The secrets are random, valid in form and nobody's. OUT/secrets has them, one a line, for check.py to look for."""

import os
import pathlib
import random
import shutil
import string
import subprocess
import sys
import zlib

FORMATS = ["text", "jsonl", "sarif", "gitlab", "github", "markdown", "junit", "csv", "asff", "gitleaks-json", "html"]
MANY = 30_000
# What a reader of some format could take for more than text.
HOSTILE = [
    b"quotes \" ' `",
    b"line\nend\r",
    b"]]>",
    b"<script>document.title='run'<!--",
    b"=cmd()|calc'!A0",
    b"+1@SUM(A1)",
    b"::stop-commands::x",
    b"##vso[task.complete result=Succeeded]",
    b"caf\xe9 \xff\xfe",
    "\u202eexe.txt\u2066".encode(),
    b"a,b;c\td|e {0} [l](1) &amp; %0A\\",
    b"\x1b[2J\x07\x7f",
    "\U0001f511 \ufffe \u2028".encode(),
]
AZURE = {
    "SYSTEM_COLLECTIONURI": "https://dev.azure.com/organization/",
    "SYSTEM_TEAMPROJECT": "project",
    "SYSTEM_TEAMPROJECTID": "11111111-2222-3333-4444-555555555555",
    "SYSTEM_DEFINITIONID": "12",
    "BUILD_DEFINITIONNAME": "build",
    "SYSTEM_PHASEID": "66666666-7777-8888-9999-000000000000",
    "SYSTEM_PHASENAME": "job",
    "BUILD_SOURCEBRANCH": "refs/heads/main",
    "BUILD_BUILDID": "34",
}


def main():
    program, out = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    secrets = Secrets(2026)
    make = Reports(program, out)
    hostile = repository(out / "hostile", secrets)
    make.reports("tree", hostile, ["scan"])
    make.reports("history", hostile, ["history"])
    message = out / "message"
    message.write_bytes(b"".join(words + b" " + secrets.token() + b"\n" for words in HOSTILE))
    make.reports("message", hostile, ["message", message])
    make.reports("incomplete", hostile, ["scan", "--max-size=20"])
    make.reports("nothing", clean(out / "clean"), ["scan"])
    make.reports("many", many(out / "much", secrets), ["scan"])
    (out / "secrets").write_bytes(b"\n".join(secrets.all[:60]))


class Secrets:
    """Tokens of GitHub, with the checksum that makes them certain, and keys of AWS."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.all = []

    def pick(self, alphabet, count):
        return "".join(self.random.choice(alphabet) for _ in range(count))

    def token(self):
        body = self.pick(string.ascii_letters + string.digits, 30)
        rest, check = zlib.crc32(body.encode()), ""
        alphabet = string.digits + string.ascii_uppercase + string.ascii_lowercase
        for _ in range(6):
            rest, digit = divmod(rest, 62)
            check = alphabet[digit] + check
        return self.kept(f"ghp_{body}{check}")

    def key(self):
        return self.kept("AKIA" + self.pick(string.ascii_uppercase + "234567", 16))

    def secret_key(self):
        return self.kept(self.pick(string.ascii_letters + string.digits + "+/", 40))

    def kept(self, secret):
        self.all.append(secret.encode())
        return self.all[-1]


class Reports:
    def __init__(self, program, out):
        self.program, self.out = program, out

    def run(self, directory, arguments, statuses, **variables):
        # Nothing of this machine, and no CI system but the one that is played.
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.out), "SOURCE_DATE_EPOCH": "1790000000", **variables}
        asff = ["--asff-account=123456789012", "--asff-region=eu-central-1"]
        command = [self.program, *arguments, *asff]
        done = subprocess.run(command, cwd=directory, env=environment, capture_output=True, check=False)
        assert done.returncode in statuses, (arguments, done.returncode, done.stderr.decode(errors="replace")[-2000:])
        return done

    def reports(self, name, directory, verb):
        """Every format of one run, what it says on standard output and error, and SARIF for GitHub and for Azure."""
        formats = [f"--format={format}={self.out / name}.{format}" for format in FORMATS]
        done = self.run(directory, [*verb, "--verbose", *formats], (0, 1, 3))
        (self.out / f"{name}.stderr").write_bytes(done.stderr)
        jsonl = self.out / f"{name}.jsonl"
        convert = ["report", "convert", jsonl]
        self.run(directory, [*convert, f"--format=sarif={self.out / name}.github.sarif", "--sarif-github"], (0,))
        azure = [*convert, f"--format=sarif={self.out / name}.azure.sarif", "--sarif-azure"]
        self.run(directory, azure, (0,), **AZURE)


def git(directory, *arguments):
    identity = ["-c", b"user.name=Some <script>alert(1)</script>", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *identity, "-c", "core.hooksPath=/dev/null", *arguments], cwd=directory, check=True, stderr=subprocess.DEVNULL)


def repository(directory, secrets):
    """A secret beside every hostile text: in a file of that name and content, in its commit; and in names of all kinds."""
    directory.mkdir()
    git(directory, "init", "--quiet", "--initial-branch=main")
    git(directory, "remote", "add", "origin", "https://github.com/organization/repository.git")
    for words in HOSTILE:
        name = words.replace(b"/", b"_")
        (pathlib.Path(os.fsdecode(bytes(directory) + b"/" + name))).write_bytes(words + b" " + secrets.token() + b" " + words)
        git(directory, "add", "--all")
        git(directory, "commit", "--quiet", "--cleanup=verbatim", "-m", words + b" " + secrets.token())
    # A pair, one secret in many files, and one in the name of a file.
    pair = b"[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n" % (secrets.key(), secrets.secret_key())
    (directory / "credentials").write_bytes(pair)
    shared = secrets.token()
    for nth in range(60):
        (directory / f"copy-{nth}.txt").write_bytes(b"token: " + shared + b"\n")
    (directory / f"{secrets.token().decode()}.txt").write_bytes(b"named like a token\n")
    git(directory, "add", "--all")
    git(directory, "commit", "--quiet", "-m", b"more")
    git(directory, "branch", secrets.token())
    git(directory, "tag", "-a", secrets.token(), "-m", b"</script> " + secrets.token())
    return directory


def clean(directory):
    directory.mkdir()
    git(directory, "init", "--quiet", "--initial-branch=main")
    (directory / "README").write_text("nothing here\n")
    return directory


def many(directory, secrets):
    directory.mkdir()
    git(directory, "init", "--quiet", "--initial-branch=main")
    for nth in range(MANY // 100):
        lines = (b"t = " + secrets.token() + b"\n" for _ in range(100))
        (directory / f"{nth}.txt").write_bytes(b"".join(lines))
    return directory


if __name__ == "__main__":
    main()
