#!/usr/bin/env bash
# Runs keysieve, and whatever peers are on PATH, on one tree or one history, one after the other, several times over; prints
# the median wall time, that run's processor time, the peak memory and the number of findings of each. Never fails a test for
# being slow.
#
#   benches/compare/run.sh TREE [RUNS]
#   benches/compare/run.sh history REPOSITORY [RUNS]
#
# KEYSIEVE names the binary (default: target/release/keysieve). Peers are run without network validation. ripgrep
# searches for three literals: the floor that reading the files sets. Needs GNU time as /usr/bin/time.
set -euo pipefail

what=tree
if [ "${1:-}" = history ]; then
    what=history
    shift
fi
tree=${1:?usage: run.sh [history] DIRECTORY [RUNS]}
runs=${2:-5}
keysieve=${KEYSIEVE:-$(dirname "$0")/../../target/release/keysieve}
keysieve=$(realpath "$keysieve")
cd "$tree"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# measure NAME COUNT-COMMAND COMMAND...: the count command reads the tool's output from standard input.
measure() {
    local name=$1 count=$2
    shift 2
    : >"$scratch/times"
    for ((run = 0; run <= runs; run++)); do
        /usr/bin/time -q -a -o "$scratch/times" -f '%e %M %U %S' "$@" >"$scratch/out" 2>/dev/null || true
    done
    local wall processor memory
    read -r wall processor < <(tail -n +2 "$scratch/times" | sort -n |
        awk '{w[NR]=$1; p[NR]=$3+$4} END {m=int((NR+1)/2); print w[m], p[m]}')
    memory=$(awk '$2>m {m=$2} END {printf "%.0f", m/1024}' "$scratch/times")
    printf '%-12s %8s s (%s s of processor time) %6s MB  %s findings\n' "$name" "$wall" "$processor" "$memory" "$(sh -c "$count" <"$scratch/out")"
}

printf '%s: median of %s runs after one to warm up\n' "$(basename "$PWD")" "$runs"

trees() {
    measure keysieve 'grep -c "\"type\":\"finding\""' "$keysieve" scan -f jsonl --progress never
    command -v rg >/dev/null && measure ripgrep 'awk -F: "{n+=\$NF} END {print n+0}"' \
        rg -c -F -e AKIA -e ASIA -e aws_secret --no-ignore --hidden .
    command -v gitleaks >/dev/null && measure gitleaks 'grep -c RuleID' gitleaks dir --no-banner -f json -r /dev/stdout .
    command -v betterleaks >/dev/null && measure betterleaks 'wc -l' betterleaks . --jsonl -o -
    command -v kingfisher >/dev/null && measure kingfisher 'grep -c "\"rule\":"' \
        kingfisher scan . --no-validate --no-update-check --git-history none --format jsonl
    command -v trufflehog >/dev/null && measure trufflehog 'grep -c DetectorName' trufflehog filesystem . --no-verification --no-update -j
    command -v ripsecrets >/dev/null && measure ripsecrets 'wc -l' ripsecrets .
    return 0
}

# Whether a peer reads added lines (gitleaks, betterleaks) or whole objects (kingfisher), all of them look at every commit.
histories() {
    measure keysieve 'grep -c "\"type\":\"finding\""' "$keysieve" history --no-known -f jsonl --progress never
    command -v kingfisher >/dev/null && measure kingfisher 'grep -c "\"rule\":"' \
        kingfisher scan . --no-validate --no-update-check --format jsonl
    command -v betterleaks >/dev/null && measure betterleaks 'wc -l' betterleaks git . --jsonl -o - --no-banner
    command -v gitleaks >/dev/null && measure gitleaks 'grep -c RuleID' \
        gitleaks git --no-banner -f json -r /dev/stdout --log-opts=--all .
    return 0
}

if [ "$what" = history ]; then histories; else trees; fi
exit 0
