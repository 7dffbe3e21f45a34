#!/usr/bin/env bash
# Puts the findings of a report of keysieve on a bus of Amazon EventBridge, one event for each:
#
#     keysieve history -f jsonl=findings.jsonl; integrations/aws/put-events.sh findings.jsonl [BUS]
#
# Needs jq and the AWS CLI, with credentials that may events:PutEvents. An event holds what the report holds: no secret, as
# long as the report was not made with --show-secrets.
set -euo pipefail

report=${1:?"usage: put-events.sh REPORT [BUS]"}
bus=${2:-default}

# PutEvents takes ten entries a call.
jq --compact-output --slurp --arg bus "$bus" '
    map(select(.type == "finding")
        | {Source: "keysieve", DetailType: "Credential Found", EventBusName: $bus, Detail: tojson})
    | _nwise(10)' "$report" |
    while IFS= read -r entries; do
        # A call that succeeds may have refused entries.
        refused=$(aws events put-events --entries "$entries" --query FailedEntryCount --output text)
        if [[ $refused != 0 ]]; then
            echo "put-events.sh: EventBridge refused $refused events of $report" >&2
            exit 1
        fi
    done
