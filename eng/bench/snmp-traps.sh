#!/usr/bin/env bash
# 50,000 notifications a second for 10 s at a running service, while lines are suspended and resumed: none lost, readings bounded, memory flat
#   eng/bench.sh snmp-traps [--rate 50000] [--seconds 10]
set -euo pipefail

rate=50000 seconds=10
while [ $# -ge 2 ]; do
    case $1 in
        --rate) rate=$2 ;;
        --seconds) seconds=$2 ;;
        *) printf 'unknown option %s\n' "$1" >&2; exit 2 ;;
    esac
    shift 2
done

eng/setup.sh test >&2
project=tests/ProvisionSvc.IntegrationTests
dotnet build "$project" -c Release -v q -clp:NoSummary >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
PROVISION_REQUIRE_ALL=1 PROVISION_TRAP_RATE=$rate PROVISION_TRAP_SECONDS=$seconds "$project/bin/Release/net10.0/ProvisionSvc.IntegrationTests" \
    --filter-method '*A_flood_of_notifications*' --show-live-output on --progress off --no-ansi >"$log" 2>&1 || status=$?
figures=$(sed -n 's/^OUTPUT: \[[^]]*\] \(sent=.*\)/\1/p' "$log" | tail -n 1)
[ "$status" -eq 0 ] || tail -n 20 "$log" >&2
printf 'bench=snmp-traps %s ok=%d\n' "$figures" "$((status == 0))"
exit "$status"
