# shellcheck shell=bash
# The story: real orders, one line each with the time it took. Sourced by eng/demo.sh.

circuit=DEMO-0001
steps=0

tell() { steps=$((steps + 1)); printf '%d. %-58s %5s s\n' "$steps" "$1" "$2"; }

# Follows an order to its end and requires the proof that the port is administratively up or down, by the switch's own word.
proven() {
    local order=$1 status=$2 out=$state/order.json
    "$provision" order watch "$order" >"$state/watch.log" 2>&1 || { cat "$state/watch.log" >&2; fail "order $order did not complete"; }
    "$provision" order show "$order" --output json >"$out"
    [ "$(field state <"$out")" = completed ] || fail "order $order is $(field state <"$out")"
    tr -d '\n' <"$out" | grep -qE "\"proof\":.*\"field\": *\"adminStatus\", *\"value\": *\"$status\", *\"channel\"" \
        || fail "order $order has no proof that the port is $status"
}

tell_story() {
    local from out=$state/story.json
    story_started=$EPOCHREALTIME

    from=$EPOCHREALTIME
    "$provision" qualify --building "$building" --mbps "$mbps" --output json >"$out" || { cat "$out" >&2; fail "$building does not qualify"; }
    local switch port
    switch=$(field switch <"$out") port=$(field ifName <"$out")
    tell "$building can carry $mbps Mbit/s: $switch $port" "$(since "$from")"

    printf '   the plan, before anything is written:\n'
    local status=0
    "$provision" order activate $circuit --account "$account" --building "$building" --down "$mbps" --dry-run >"$state/plan.txt" || status=$?
    [ $status -eq 2 ] || { cat "$state/plan.txt" >&2; fail 'there is no plan'; }
    sed 's/^/     /' "$state/plan.txt"

    from=$EPOCHREALTIME
    "$provision" order activate $circuit --account "$account" --building "$building" --down "$mbps" --why 'new customer' --output json >"$out"
    proven "$(field id <"$out")" up
    tell "$circuit is lit and proven up" "$(since "$from")"

    from=$EPOCHREALTIME
    "$provision" billing unpaid "$account" --output json >"$out"
    proven "$(order_of_circuit)" down
    tell "account $account is unpaid: the port is dark" "$(since "$from")"

    from=$EPOCHREALTIME
    "$provision" billing paid "$account" --output json >"$out"
    proven "$(order_of_circuit)" up
    tell 'the money has arrived: the port is back' "$(since "$from")"

    from=$EPOCHREALTIME
    "$provision" order disconnect $circuit --why 'contract ended' --output json >"$out"
    proven "$(field id <"$out")" down
    "$provision" qualify --building "$building" --mbps "$mbps" --output json >"$out"
    [ "$(field switch <"$out") $(field ifName <"$out")" = "$switch $port" ] || fail "$switch $port is not free again"
    tell "the line is disconnected, $port is free again" "$(since "$from")"
}

# The newest order of the story's circuit.
order_of_circuit() { "$provision" order list --service $circuit --output json | field id; }
