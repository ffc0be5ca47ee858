#!/usr/bin/env bash
# How long each question takes on each shipped scenario, as a table in Markdown.
#
#   cargo build --release && benches/questions/times.sh [scenario.toml …]
#
# Compared are the scenario and the same desk where fewer tickets of its first class come back; swept
# is that share, at five points. Everything else is as each command has it by default.
set -u
cd "$(dirname "$0")/../.."
program=target/release/surgecast
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Seconds that a command takes, or a dash where it has nothing to answer.
seconds() {
    local begun=$EPOCHREALTIME
    "$program" "$@" --quiet >"$scratch/out" 2>&1
    local code=$?
    local ended=$EPOCHREALTIME
    # A plan that meets no target is an answer too.
    if [ "$code" -gt 1 ]; then
        printf ' –'
    else
        awk -v from="$begun" -v to="$ended" 'BEGIN { printf " %.2f", to - from }'
    fi
}

printf '| seconds | run | compare | sweep | sensitivity | diagnose | … by arithmetic | phase | plan | explain --attribution |\n'
printf '|---|---|---|---|---|---|---|---|---|---|\n'
[ "$#" -gt 0 ] || set -- scenarios/*.toml
for scenario in "$@"; do
    class=$(sed -n 's/^\[tickets\.\([a-z-]*\)\].*/\1/p' "$(realpath "$scenario")" | head -n 1)
    if [ -z "$class" ]; then
        base=$(sed -n 's/^extends = "\(.*\)"/\1/p' "$scenario")
        class=$(sed -n 's/^\[tickets\.\([a-z-]*\)\].*/\1/p' "$(dirname "$scenario")/$base" | head -n 1)
    fi
    printf 'extends = "%s"\nset = ["tickets.%s.reopen=1%%"]\n' "$(realpath "$scenario")" "$class" \
        >"$scratch/fewer.toml"
    printf '| %s |' "$(basename "$scenario" .toml)"
    out=(--out "$scratch/outputs")
    seconds run "$scenario" "${out[@]}"
    printf ' |'
    seconds compare "$scenario" "$scratch/fewer.toml" "${out[@]}"
    printf ' |'
    seconds sweep "$scenario" --vary "tickets.$class.reopen=0.01..0.05:0.01" "${out[@]}"
    printf ' |'
    seconds sensitivity "$scenario" "${out[@]}"
    printf ' |'
    seconds diagnose "$scenario"
    printf ' |'
    seconds diagnose "$scenario" --replications 0
    printf ' |'
    seconds phase "$scenario" "${out[@]}"
    printf ' |'
    seconds plan "$scenario" "${out[@]}"
    printf ' |'
    seconds explain "$scenario" --attribution "${out[@]}"
    printf ' |\n'
done
