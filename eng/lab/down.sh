# Part of eng/lab.sh: taking the lab away. Knows the lab by its namespaces' prefix, not by files, so that it
# also works after a crash or when the state folder is gone.

namespaces() { ip netns list | awk -v p="$prefix-" 'index($1, p) == 1 { print $1 }'; }

# Ends every process inside the lab's own namespaces: nothing else can be there.
end_processes() {
    local signal pids ns
    for signal in TERM KILL; do
        for _ in $(seq 1 30); do
            pids=$(for ns in $(namespaces); do ip netns pids "$ns"; done)
            [ -z "$pids" ] && return 0
            # shellcheck disable=SC2086
            kill -"$signal" $pids 2>/dev/null || true # one of them may just have ended
            sleep 0.1
        done
    done
    fail 1 "these processes do not end: $pids"
}

lab_down() {
    local ns link
    end_processes
    for link in $(ip -o link show | sed -n "s/^[0-9]*: \(pl-$id-m[0-9]*\)@.*/\1/p"); do
        ip link del "$link" 2>/dev/null || true # its namespace may have gone first
    done
    for ns in $(namespaces); do ip netns del "$ns"; done

    rm -rf "$state/switches" "$state/node" "$state/keys" "$state/inventory"
    rm -f "$state/lab.json" "$state/lab.json.new" "$state/up.log"
    [ ! -d "$state" ] || rmdir --ignore-fail-on-non-empty "$state"
}

lab_status() {
    local ns
    if [ -z "$(namespaces)" ]; then
        say "not up ($state)"
    else
        say "up ($state), prefix $prefix"
        for ns in $(namespaces | sort -V); do
            printf '  %-22s %s processes\n' "$ns" "$(ip netns pids "$ns" | wc -l)"
        done
    fi
    local others
    others=$(ip netns list | awk '{ print $1 }' | sed -n 's/^\(plab-[0-9a-f]\{5\}\)-.*/\1/p' | sort -u | grep -vx "$prefix" || true)
    [ -z "$others" ] || say "other labs: ${others//$'\n'/ }"
}
