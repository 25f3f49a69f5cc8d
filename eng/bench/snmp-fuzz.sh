#!/usr/bin/env bash
# 1,000,000 mutated datagrams per kind through SNMP decoder and engine: no exception, none over 10 ms, memory flat
#   eng/bench.sh snmp-fuzz [--count N] [--seed N] [--kinds response,report,v3,trap]
set -euo pipefail

project=tests/ProvisionSvc.Benchmarks
dotnet build "$project" -c Release -v q -clp:NoSummary >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
"$project/bin/Release/net10.0/ProvisionSvc.Benchmarks" snmp-fuzz "$@" | tee "$log" || status=$?
awk -v status="$status" '
    { for (i = 1; i <= NF; i++) { split($i, pair, "="); sum[pair[1]] += pair[2]; if (pair[2] + 0 > most[pair[1]]) most[pair[1]] = pair[2] + 0 } }
    END { printf "bench=snmp-fuzz datagrams=%d exceptions=%d slow=%d worst_ms=%.3f grown_kib=%d ok=%d\n",
          sum["datagrams"], sum["exceptions"], sum["slow"], most["worst_ms"], most["grown_kib"], status == 0 }' "$log"
exit "$status"
