#!/usr/bin/env bash
# 100,000 hostile texts through every template: lines sent = lines planned, no control byte
#   eng/bench.sh hostile [--count N] [--seed N]
set -euo pipefail

project=tests/ProvisionSvc.Benchmarks
dotnet build "$project" -c Release -v q -clp:NoSummary >&2
status=0
result=$("$project/bin/Release/net10.0/ProvisionSvc.Benchmarks" hostile "$@") || status=$?
printf 'bench=hostile %s\n' "$result"
exit "$status"
