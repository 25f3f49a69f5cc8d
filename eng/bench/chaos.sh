#!/usr/bin/env bash
# Three workers, an API, a database and a city under kills, pauses, cuts and lost COMMITs: no order lost, doubled or half done
#   eng/bench.sh chaos [--orders 500] [--kills 40] [--pauses 20] [--stops 5] [--seed N] [--rounds 1]
# A run is repeated by its seed. Every violated invariant is a line that begins with its number.
set -euo pipefail

orders=500 kills=40 pauses=20 stops=5 seed=$RANDOM rounds=1
while [ $# -ge 2 ]; do
    case $1 in
        --orders) orders=$2 ;;
        --kills) kills=$2 ;;
        --pauses) pauses=$2 ;;
        --stops) stops=$2 ;;
        --seed) seed=$2 ;;
        --rounds) rounds=$2 ;;
        *) printf 'unknown option %s\n' "$1" >&2; exit 2 ;;
    esac
    shift 2
done

eng/setup.sh test >&2
project=tests/ProvisionSvc.IntegrationTests
dotnet build "$project" -c Release -v q -clp:NoSummary >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0 placed=0 violations=0 started=$SECONDS
for ((round = 0; round < rounds; round++)); do
    PROVISION_REQUIRE_ALL=1 PROVISION_SEED=$((seed + round)) PROVISION_CHAOS_ORDERS=$orders PROVISION_CHAOS_KILLS=$kills PROVISION_CHAOS_PAUSES=$pauses PROVISION_CHAOS_STOPS=$stops \
        "$project/bin/Release/net10.0/ProvisionSvc.IntegrationTests" --filter-method '*Whatever_is_killed*' --show-live-output on --progress off --no-ansi >"$log" 2>&1 || status=1
    figures=$(sed -n 's/^OUTPUT: \[[^]]*\] \(orders=.*\)/\1/p' "$log" | tail -n 1)
    printf 'seed %d: %s\n' "$((seed + round))" "${figures:-no figures}"
    grep -E '^ +[IF][0-9]+: ' "$log" || true
    placed=$((placed + $(sed -n 's/^orders=\([0-9]*\).*/\1/p' <<<"$figures")))
    violations=$((violations + $(sed -n 's/.* violations=\([0-9]*\).*/\1/p' <<<"$figures")))
done
printf 'bench=chaos seed=%d rounds=%d orders=%d kills=%d pauses=%d stops=%d violations=%d seconds=%d ok=%d\n' \
    "$seed" "$rounds" "$placed" "$((kills * rounds))" "$((pauses * rounds))" "$((stops * rounds))" "$violations" "$((SECONDS - started))" "$((status == 0))"
exit "$status"
