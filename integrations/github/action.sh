#!/usr/bin/env bash
# What action.yml runs: gets the commits that a shallow clone lacks, has keysieve look at what the event is about, and ends with
# its status. All that an event tells comes in by the environment, so that none of it is ever a part of a command.
#
# ACTION_MODE        auto, diff, scan or history
# ACTION_BASE        the commit before the change; empty or zeros if there is none
# ACTION_HEAD        the last commit of the change
# ACTION_COMMITS     how many there are, if that is known
# ACTION_DEFAULT     the name of the default branch: what a new branch is compared with
# ACTION_FORK        true if the change comes from another repository
# ACTION_SARIF       where the SARIF log goes, none if empty
# KEYSIEVE_PROGRAM   keysieve; found in PATH by default
set -euo pipefail

keysieve=${KEYSIEVE_PROGRAM:-keysieve}
mode=${ACTION_MODE:-auto}
base=${ACTION_BASE:-}
head=${ACTION_HEAD:-}

main() {
    if [[ $mode == auto ]]; then
        mode=$(mode_of_event)
    fi
    case $mode in
        diff) get_range && look diff --pr ;;
        scan) get_base && look scan ;;
        history) get_everything && look history ;;
        *) echo "::error title=keysieve::the input mode is none of auto, diff, scan, history" && exit 2 ;;
    esac
}

# A change is looked at as such; where there is none, as on a schedule or by hand, the whole history is.
mode_of_event() {
    case ${GITHUB_EVENT_NAME:-} in
        pull_request | pull_request_target | merge_group | push) echo diff ;;
        *) echo history ;;
    esac
}

# Gets the commits of the change: as many as the event tells, and more until none of them lacks its parents.
get_range() {
    is_shallow || return 0
    if [[ $head =~ ^0*$ ]]; then
        return 0 # A branch was deleted.
    fi
    local -a wanted=("$head")
    if [[ $base =~ ^0*$ ]]; then
        base=refs/remotes/origin/$ACTION_DEFAULT
        wanted+=("+refs/heads/$ACTION_DEFAULT:$base")
    else
        wanted+=("$base")
    fi
    local depth=$((${ACTION_COMMITS:-0} + 1))
    for _ in 1 2 3; do
        if ! fetch --depth="$depth" "${wanted[@]}"; then
            return 0
        fi
        if has_range; then
            return 0
        fi
        depth=$((depth * 10))
    done
    fetch --unshallow "${wanted[@]}" || true
}

# Gets what a pull request is made to: what that allows may stay allowed.
get_base() {
    is_shallow || return 0
    if [[ ${GITHUB_EVENT_NAME:-} == pull_request* && ! $base =~ ^0*$ ]]; then
        fetch --depth=1 "$base" || true
    fi
}

get_everything() {
    is_shallow || return 0
    fetch --unshallow '+refs/heads/*:refs/remotes/origin/*' '+refs/tags/*:refs/tags/*' || true
}

is_shallow() {
    [[ $(git rev-parse --is-shallow-repository) == true ]]
}

# Whether every commit that HEAD has and BASE has not is here, with its parents.
has_range() {
    is_shallow || return 0
    local commits
    commits=$(git rev-list "$head" --not "$base") || return 1
    ! grep --quiet --line-regexp --fixed-strings --file="$(git rev-parse --git-path shallow)" <<<"$commits"
}

# What could not be fetched is up to keysieve to tell: it knows what it has not read, and fails for it.
fetch() {
    if ! git fetch --quiet --no-tags --no-recurse-submodules "$1" origin "${@:2}"; then
        echo "::warning title=keysieve::the clone is shallow, and git could not fetch what it lacks; with fetch-depth: 0 it would be here"
        return 1
    fi
}

# Runs keysieve with annotations, a job summary and SARIF, sets the outputs, and ends with its status.
look() {
    local started findings status=0
    local -a formats=(--format github)
    started=$(mktemp)
    findings=$(mktemp)
    formats+=(--format "jsonl=$findings")
    if [[ -n ${ACTION_SARIF:-} ]]; then
        formats+=(--format "sarif=$ACTION_SARIF" --sarif-github)
    fi
    "$keysieve" "$@" "${formats[@]}" || status=$?
    if [[ ${ACTION_FORK:-} == true ]]; then
        echo "::notice title=keysieve::the change comes from a fork, which may not write to code scanning: annotations and the summary have the findings"
    fi
    {
        echo "exit-code=$status"
        echo "findings=$(grep --count '^{"type":"finding"' "$findings" || true)"
        echo "sarif-file=${ACTION_SARIF:-}"
        further 2 "$started"
        further 3 "$started"
    } >>"${GITHUB_OUTPUT:-/dev/null}"
    if [[ -n $(further 4 "$started") ]]; then
        echo "::warning title=keysieve::there are more findings than three uploads can hold: annotations and the summary count all of them"
    fi
    rm -f "$started" "$findings"
    exit "$status"
}

# The output that names the nth file of the SARIF log, if it has so many. One that was there before is no part of it.
further() {
    local file=${ACTION_SARIF:-} name number=.$1
    name=${file##*/}
    if [[ $name == ?*.* ]]; then
        number+=.${name##*.}
        name=${name%.*}
    fi
    file=${file%"${file##*/}"}$name$number
    if [[ -n ${ACTION_SARIF:-} && -f $file && ! -L $file && $file -nt $2 ]]; then
        echo "sarif-file-$1=$file"
    fi
}

main
