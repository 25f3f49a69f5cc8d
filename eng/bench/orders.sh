#!/usr/bin/env bash
# Activations on an idle system, and 5,000 suspensions over 1,000 switches due at once while somebody lights lines
#   eng/bench.sh orders [--activations 40] [--switches 1000] [--suspensions 5000]
set -euo pipefail

activations=40 switches=1000 suspensions=5000
while [ $# -ge 2 ]; do
    case $1 in
        --activations) activations=$2 ;;
        --switches) switches=$2 ;;
        --suspensions) suspensions=$2 ;;
        *) printf 'unknown option %s\n' "$1" >&2; exit 2 ;;
    esac
    shift 2
done

eng/setup.sh test >&2
ulimit -n 65536
project=tests/ProvisionSvc.IntegrationTests
dotnet build "$project" -c Release -v q -clp:NoSummary >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
PROVISION_REQUIRE_ALL=1 PROVISION_LOAD_ACTIVATIONS=$activations PROVISION_LOAD_SWITCHES=$switches PROVISION_LOAD_SUSPENSIONS=$suspensions \
    "$project/bin/Release/net10.0/ProvisionSvc.IntegrationTests" --filter-class '*OrderLoadTests' --show-live-output on --progress off --no-ansi >"$log" 2>&1 || status=$?
[ "$status" -eq 0 ] || tail -n 20 "$log" >&2
value() { sed -n "s/.*[] ]$1=\([0-9.]*\).*/\1/p" "$log" | tail -n 1; }
grep -o 'suspensions=.*' "$log" || true
printf 'bench=orders activate_p50_s=%s activate_p95_s=%s midnight_s=%s midnight_interactive_p95_s=%s ok=%d\n' \
    "$(value activate_p50_s)" "$(value activate_p95_s)" "$(value midnight_s)" "$(value midnight_interactive_p95_s)" "$((status == 0))"
exit "$status"
