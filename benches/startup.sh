#!/usr/bin/env bash
# What the hooks add to a commit: medians of wall time, each command in turn with /bin/true, and instructions in user space
# as callgrind counts them, if valgrind is there. Never fails for being slow; docs/MEASUREMENTS.md has the limits.
#
#   benches/startup.sh [RUNS [FILES]]
#
# KEYSIEVE names the binary (default: target/release/keysieve). FILES is the size of the large index (default: 100000; 0
# leaves it out). Needs bash 5 and git.
set -euo pipefail

runs=${1:-51}
files=${2:-100000}
keysieve=$(realpath "${KEYSIEVE:-$(dirname "$0")/../target/release/keysieve}")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export HOME=$scratch GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a
unset CI

# one NAME COMMAND...: runs it once, and notes the microseconds that it took.
one() {
    local name=$1 begun=${EPOCHREALTIME/[.,]/}
    shift
    "$@" >/dev/null 2>&1
    echo $((${EPOCHREALTIME/[.,]/} - begun)) >>"$scratch/$name"
}

# The least is what a busy machine disturbs the least.
median() {
    sort -n "$scratch/$1" | awk '{t[NR] = $1} END {printf "%.2f ms (least %.2f)", t[int((NR + 1) / 2)] / 1000, t[1] / 1000}'
}

instructions() {
    command -v valgrind >/dev/null || return 0
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 | awk '/Collected/ {printf ", %.1f M instructions", $4 / 1e6}'
}

# compare NAME FLOOR-NAME FLOOR-COMMAND -- COMMAND...
compare() {
    local name=$1 floor=$2 floor_command=()
    shift 2
    while [ "$1" != -- ]; do floor_command+=("$1"); shift; done
    shift
    rm -f "$scratch/floor" "$scratch/name"
    for ((run = 0; run < runs; run++)); do
        one floor "${floor_command[@]}"
        one name "$@"
    done
    printf '%-44s %s, %s %s%s\n' "$name" "$(median name)" "$floor" "$(median floor)" "$(instructions "$@")"
}

# repository DIRECTORY FILES: one with a commit of so many files, five of them changed and staged.
repository() {
    git init -q "$1" && cd "$1"
    for ((i = 0; i < $2; i += 100)); do mkdir -p "d$((i / 100))"; done
    for ((i = 0; i < $2; i++)); do echo "$i" >"d$((i / 100))/f$i"; done
    git add . && git commit -qm one
    for i in 0 1 2 3 4; do seq 100 >>"d0/f$i"; done
    git add d0
    printf 'A subject\n\nAnd some text below it.\n# a comment\n' >.git/COMMIT_EDITMSG
}

# As status 1 says, there are some.
changes() {
    git diff --cached --quiet || true
}

printf 'medians of %s runs\n' "$runs"
(
    repository "$scratch/small" 20
    compare 'pre-commit, five files' /bin/true /bin/true -- "$keysieve" hook run pre-commit
    compare 'commit-msg' /bin/true /bin/true -- "$keysieve" hook run commit-msg .git/COMMIT_EDITMSG
    compare 'scan of one file' /bin/true /bin/true -- "$keysieve" scan d0/f0
)
[ "$files" = 0 ] || (
    repository "$scratch/large" "$files"
    compare "pre-commit, five files, $files in the index" 'git diff --cached --quiet' changes -- \
        "$keysieve" hook run pre-commit
)
