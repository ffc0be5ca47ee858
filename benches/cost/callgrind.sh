#!/usr/bin/env bash
# Instructions by touch of a desk with each mechanism on, one at a time. Needs valgrind.
set -euo pipefail
cd "$(dirname "$0")/../.."
program=$(cargo bench --bench cost --no-run --message-format=json 2>/dev/null |
    sed -n 's/.*"executable":"\([^"]*cost[^"]*\)".*/\1/p' | tail -1)
count() { # mechanism, replications -> touches instructions
    local log; log=$(mktemp)
    local touches; touches=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null \
        "$program" "$1" "$2" 2>"$log")
    echo "$touches $(sed -n 's/.*refs: *//p' "$log" | tr -d ', ')"
    rm -f "$log"
}
none=
"$program" --list | while read -r name; do
    # The difference of three replications and one leaves the start out.
    read -r few_touches few <<<"$(count "$name" 1)"
    read -r touches all <<<"$(count "$name" 3)"
    by_touch=$(((all - few) / (touches - few_touches)))
    none=${none:-$by_touch}
    printf '| %s | %d | %+d |\n' "$name" "$by_touch" "$((by_touch - none))"
done
