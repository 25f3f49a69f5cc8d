#!/usr/bin/env bash
# SNMP sweeps beside Net-SNMP's async C client, gosnmp and the raw C floor, alternating on the same machine
#   eng/bench.sh snmp [--agents 4000] [--rounds 5]
# PROVISION_PERF is the folder with the peers' sources (default ../shared/perf); without them only our own v3 agents are measured. The peers' libraries are
# installed with apt-get when this runs as root, unless PROVISION_BENCH_INSTALL=0. What is left out is said.
set -uo pipefail

agents=4000 rounds=5
while [ $# -ge 2 ]; do
    case $1 in
        --agents) agents=$2 ;;
        --rounds) rounds=$2 ;;
        *) printf 'unknown option %s\n' "$1" >&2; exit 2 ;;
    esac
    shift 2
done

perf=${PROVISION_PERF:-../shared/perf}
bin=$PWD/artifacts/bench
ours=$PWD/artifacts/bench-ours/ProvisionSvc.Benchmarks
port=$((20000 + RANDOM % 5000))
left_out=()
pids=()
work=$(mktemp -d)
finish() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null; done
    wait 2>/dev/null
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
say() { printf 'bench: %s\n' "$*"; }

# The agents have a core of their own where there are two.
client=() farm=()
if [ "$(nproc)" -ge 2 ] && command -v taskset >/dev/null; then client=(taskset -c 0) farm=(taskset -c 1); else left_out+=("a core of its own for the agents"); fi

# Compiled ahead of time (ReadyToRun), as the service is deployed; the lock file of this one build stays out of the repository.
publish() {
    dotnet publish tests/ProvisionSvc.Benchmarks -c Release -v q -clp:NoSummary -o artifacts/bench-ours "$@" >"$work/publish.log" 2>&1
}
publish --use-current-runtime --self-contained false -p:PublishReadyToRun=true -p:NuGetLockFilePath=obj/bench.lock.json \
    || { left_out+=("ReadyToRun: $(grep -m1 -o 'error.*' "$work/publish.log")"); publish; } || { cat "$work/publish.log" >&2; exit 1; }

install() {
    local missing=()
    command -v gcc >/dev/null || missing+=(gcc libc6-dev)
    [ -e /usr/include/net-snmp/net-snmp-config.h ] || missing+=(libsnmp-dev)
    command -v go >/dev/null || missing+=(golang-go)
    [ -d /usr/share/gocode/src/github.com/gosnmp/gosnmp ] || missing+=(golang-github-gosnmp-gosnmp-dev)
    [ ${#missing[@]} -eq 0 ] && return
    if [ "$(id -u)" -ne 0 ] || [ "${PROVISION_BENCH_INSTALL:-1}" = 0 ] || ! command -v apt-get >/dev/null; then return; fi
    say "installing ${missing[*]}"
    DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600 install -y --no-install-recommends "${missing[@]}" >"$work/apt.log" 2>&1 </dev/null \
        || say "apt-get could not: $(tail -n 1 "$work/apt.log")"
}

compile() {
    mkdir -p "$bin"
    [ -f "$perf/agentfarm.c" ] || { left_out+=("every peer and the agent farm: $perf has no sources (set PROVISION_PERF)"); return; }
    install
    gcc -O2 -march=native -w -o "$bin/agentfarm" "$perf/agentfarm.c" 2>"$work/gcc.log" || { left_out+=("the agent farm: no C compiler"); return; }
    gcc -O2 -march=native -w -o "$bin/blast" "$perf/blast.c" 2>>"$work/gcc.log" || left_out+=("the C floor")
    gcc -O2 -w -o "$bin/nsasync" "$perf/nsasync.c" -lnetsnmp 2>>"$work/gcc.log" || left_out+=("Net-SNMP's async client: no libsnmp-dev")
    (cd "$work" && cp "$perf_full/gosnmp_bench.go" . && GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE="$work/go" go build -o "$bin/gosnmp_bench" gosnmp_bench.go) 2>>"$work/gcc.log" \
        || left_out+=("gosnmp: no Go or no gosnmp package")
}
perf_full=$(cd "$perf" 2>/dev/null && pwd)
rm -rf "$bin"
compile

has() { [ -x "$bin/$1" ]; }
start() { # name, command …: a server that is ended with the run
    local name=$1
    shift
    (cd "$work" && exec "${farm[@]}" "$@") >"$work/$name.log" 2>&1 & # there, since the farm writes its statistics where it stands
    pids+=($!)
    sleep 2
    kill -0 "${pids[-1]}" 2>/dev/null || { say "$name did not start: $(tail -n 1 "$work/$name.log")"; return 1; }
}
stop_last() { kill "${pids[-1]}" 2>/dev/null; wait "${pids[-1]}" 2>/dev/null; unset 'pids[-1]'; }
run() { # series, command …: its lines go into the series
    local series=$1
    shift
    timeout 300 "${client[@]}" "$@" >>"$work/$series" 2>>"$work/errors" || say "$series: $* ended with $?: $(tail -n 1 "$work/errors")"
}
value() { tr ' ' '\n' | sed -n "s/^$1=//p"; }
median() { sort -g | awk '{ v[NR] = $1 } END { if (NR) print v[int((NR + 1) / 2)]; else print "none" }'; }
of() { [ -f "$work/$1" ] && grep -v '^sweep=1 ' "$work/$1" | value "$2" | median || echo none; } # warm: without our first sweep
cold() { [ -f "$work/$1" ] && grep '^sweep=1 ' "$work/$1" | value "$2" | median || echo none; }
worst() { [ -f "$work/$1" ] && value failed <"$work/$1" | sort -g | tail -n 1 || echo none; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { if (a == "none" || b == "none" || b + 0 == 0) print "none"; else printf "%.2f", a / b }'; }

say "$(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(uname -r), .NET $(dotnet --version), load $(cut -d' ' -f1 /proc/loadavg)"

if has agentfarm && start farm "$bin/agentfarm" -p "$port"; then
    for ((round = 1; round <= rounds; round++)); do
        run ours "$ours" snmp-sweep --agents "$agents" --port "$port" --sweeps 5 --window 200
        has nsasync && run netsnmp "$bin/nsasync" -n "$agents" -W 200 -m multi -p "$port"
        has gosnmp_bench && run gosnmp "$bin/gosnmp_bench" "$agents" 50 bulk 25 1000 3 "$port"
        has blast && run floor "$bin/blast" -D -n "$agents" -W 200 -p "$port"
        run cold200 "$ours" snmp-sweep --agents 200 --port "$port" --sweeps 1 --window 200
        has nsasync && run cold200ns "$bin/nsasync" -n 200 -W 200 -m multi -p "$port"
    done
    run sockets "$ours" snmp-sweep --agents "$agents" --port "$port" --sweeps 5 --window 200 --transport Sockets
    stop_last
fi

if has agentfarm && start lossy "$bin/agentfarm" -p "$port" -d 5000 -l 100; then
    for ((round = 1; round <= rounds; round++)); do
        run ours_lossy "$ours" snmp-sweep --agents "$agents" --port "$port" --sweeps 3 --window 1000
        has nsasync && run netsnmp_lossy "$bin/nsasync" -n "$agents" -W 1000 -m multi -p "$port"
    done
    stop_last
fi

if start v3 "$ours" snmp-agents-v3 --agents 1000 --port "$((port + 1))"; then
    for ((round = 1; round <= rounds; round++)); do
        run ours_v3 "$ours" snmp-sweep --agents 1000 --port "$((port + 1))" --sweeps 4 --window 100 --v3 yes
        has nsasync && run netsnmp_v3 "$bin/nsasync" -3 -n 1000 -W 100 -m multi -p "$((port + 1))"
    done
    stop_last
fi

printf '\n%-44s %12s %12s %8s\n' "work (medians; CPU s per 1,000 devices)" cpu devices/s failed
line() { printf '%-44s %12s %12s %8s\n' "$1" "$2" "$3" "$4"; }
line "v2c, ours, warm" "$(of ours cpu_per_1000dev)" "$(of ours dev_s)" "$(worst ours)"
line "v2c, ours, cold (first sweep)" "$(cold ours cpu_per_1000dev)" "$(cold ours dev_s)" "-"
line "v2c, ours, plain sockets, warm" "$(of sockets cpu_per_1000dev)" "$(of sockets dev_s)" "$(worst sockets)"
line "v2c, Net-SNMP async" "$(of netsnmp cpu_per_1000dev)" "$(of netsnmp dev_s)" "$(worst netsnmp)"
line "v2c, gosnmp bulk" "$(of gosnmp cpu_per_1000dev)" "$(of gosnmp dev_s)" "$(worst gosnmp)"
line "v2c, raw C floor" "$(of floor cpu_per_1000dev)" "$(of floor dev_s)" "$(worst floor)"
line "5 ms, 1 % loss, 1,000 in flight, ours" "$(of ours_lossy cpu_per_1000dev)" "$(of ours_lossy dev_s)" "$(worst ours_lossy)"
line "5 ms, 1 % loss, 1,000 in flight, Net-SNMP" "$(of netsnmp_lossy cpu_per_1000dev)" "$(of netsnmp_lossy dev_s)" "$(worst netsnmp_lossy)"
line "v3 SHA-256/AES-128, ours, warm" "$(of ours_v3 cpu_per_1000dev)" "$(of ours_v3 dev_s)" "$(worst ours_v3)"
line "v3 SHA-256/AES-128, Net-SNMP" "$(of netsnmp_v3 cpu_per_1000dev)" "$(of netsnmp_v3 dev_s)" "$(worst netsnmp_v3)"
printf '%-44s %12s (Net-SNMP %s)\n\n' "cold sweep of 200 agents, wall s" "$(cold cold200 wall)" "$(of cold200ns wall)"
for what in "${left_out[@]}"; do say "left out: $what"; done

printf 'bench=snmp ratio_vs_netsnmp=%s ratio_vs_floor=%s cpu_s_per_1000=%s v3_ratio=%s alloc_bytes_per_device=%s cold200_ratio=%s lossy_rate_ratio=%s lossy_failed=%s\n' \
    "$(ratio "$(of ours cpu_per_1000dev)" "$(of netsnmp cpu_per_1000dev)")" "$(ratio "$(of ours cpu_per_1000dev)" "$(of floor cpu_per_1000dev)")" \
    "$(of ours cpu_per_1000dev)" "$(ratio "$(of ours_v3 cpu_per_1000dev)" "$(of netsnmp_v3 cpu_per_1000dev)")" "$(of ours alloc_per_device)" \
    "$(ratio "$(cold cold200 wall)" "$(of cold200ns wall)")" "$(ratio "$(of ours_lossy dev_s)" "$(of netsnmp_lossy dev_s)")" "$(worst ours_lossy)"
