#!/usr/bin/env bash
# SSH sessions beside bare SSH.NET with curve25519 first: client CPU for five lines and a save, orders in one session, devices a second
#   eng/bench.sh ssh [--devices 200] [--rounds 5]
# PROVISION_PERF is the folder with the emulator's source (default ../shared/perf); without it nothing can be measured, and that is said. gcc is installed with
# apt-get when this runs as root, unless PROVISION_BENCH_INSTALL=0.
set -uo pipefail

devices=200 rounds=5
while [ $# -ge 2 ]; do
    case $1 in
        --devices) devices=$2 ;;
        --rounds) rounds=$2 ;;
        *) printf 'unknown option %s\n' "$1" >&2; exit 2 ;;
    esac
    shift 2
done

perf=${PROVISION_PERF:-../shared/perf}
ours=$PWD/artifacts/bench-ours/ProvisionSvc.Benchmarks
templates=$PWD/device-templates
. eng/bench/lib/sshd.sh
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
last() { printf 'bench=ssh cpu_ratio_vs_bare=%s cpu_s_per_100=%s devices_per_s=%s batch20_ratio=%s\n' "$@"; }

# sshd and the emulator have a core of their own where there are two.
client=() server=()
if [ "$(nproc)" -ge 2 ] && command -v taskset >/dev/null; then client=(taskset -c 0) server=(taskset -c 1); else left_out+=("a core of its own for sshd"); fi

# Compiled ahead of time (ReadyToRun), as the service is deployed; the lock file of this one build stays out of the repository.
publish() {
    dotnet publish tests/ProvisionSvc.Benchmarks -c Release -v q -clp:NoSummary -o artifacts/bench-ours "$@" >"$work/publish.log" 2>&1
}
publish --use-current-runtime --self-contained false -p:PublishReadyToRun=true -p:NuGetLockFilePath=obj/bench.lock.json \
    || { left_out+=("ReadyToRun: $(grep -m1 -o 'error.*' "$work/publish.log")"); publish; } || { cat "$work/publish.log" >&2; exit 1; }

if [ ! -f "$perf/vrpemu.c" ]; then
    say "left out: everything: $perf has no vrpemu.c (set PROVISION_PERF)"
    last none none none none
    exit 1
fi
if ! command -v gcc >/dev/null && [ "$(id -u)" -eq 0 ] && [ "${PROVISION_BENCH_INSTALL:-1}" != 0 ] && command -v apt-get >/dev/null; then
    say "installing gcc libc6-dev"
    DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600 install -y --no-install-recommends gcc libc6-dev >"$work/apt.log" 2>&1 </dev/null
fi
gcc -O2 -w -o "$work/vrpemu" "$perf/vrpemu.c" 2>"$work/gcc.log" && start_sshd "$work" ./vrpemu "${server[@]}" || {
    say "left out: everything: the emulator or sshd does not start: $(tail -n 1 "$work/gcc.log")"
    last none none none none
    exit 1
}

delays() { printf '%s %s\n' "$1" "$2" >"$work/vrp.delay"; } # milliseconds per command, per save; read by the emulator at each login
run() { # series, command …: its lines go into the series
    local series=$1
    shift
    timeout 600 "${client[@]}" "$ours" "$@" --port "$ssh_port" --host-key "$ssh_host_key" --key "$ssh_key" --templates "$templates" >>"$work/$series" 2>>"$work/errors" \
        || say "$series: $1 ended with $?: $(tail -n 1 "$work/errors")"
}
value() { tr ' ' '\n' | sed -n "s/^$1=//p"; }
median() { sort -g | awk '{ v[NR] = $1 } END { if (NR) print v[int((NR + 1) / 2)]; else print "none" }'; }
of() { if [ -f "$work/$1" ]; then value "$2" <"$work/$1" | median; else echo none; fi; }
worst() { if [ -f "$work/$1" ]; then value failed <"$work/$1" | sort -g | tail -n 1; else echo none; fi; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { if (a == "none" || b == "none" || a == "" || b == "" || b + 0 == 0) print "none"; else printf "%.2f", a / b }'; }
batch() { ratio "$(grep '^orders=20 ' "$work/$1" | value wall | median)" "$(grep '^orders=1 ' "$work/$1" | value wall | median)"; }

say "$(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(uname -r), .NET $(dotnet --version), $("$(command -v sshd || echo /usr/sbin/sshd)" -V 2>&1 | grep -o 'OpenSSH_[^ ,]*'), load $(cut -d' ' -f1 /proc/loadavg)"

# CPU: no delays, so that nothing but the client's own work is between two lines. Which of the two goes first alternates.
delays 0 0
for ((round = 1; round <= rounds; round++)); do
    order=(ours bare)
    [ $((round % 2)) -eq 0 ] && order=(bare ours)
    for by in "${order[@]}"; do run "cpu_$by" ssh-devices --by "$by" --devices "$devices" --parallel 50; done
    for by in "${order[@]}"; do run "open_$by" ssh-devices --by "$by" --devices 10 --parallel 1; done
done

# Orders in one session: wall time, for three kinds of switches.
for kind in "10 5000" "30 1000" "30 10000"; do
    delays $kind
    for ((round = 1; round <= (rounds + 1) / 2; round++)); do run "batch_${kind/ /_}" ssh-batch --orders 20; done
done

delays 30 1000
for ((round = 1; round <= (rounds + 1) / 2; round++)); do
    run rate ssh-devices --devices 600 --parallel 200
done

printf '\n%-58s %12s %12s %8s\n' "five lines and a save (medians)" "CPU s/100" "devices/s" failed
line() { printf '%-58s %12s %12s %8s\n' "$1" "$2" "$3" "$4"; }
line "ours, 50 at once" "$(of cpu_ours cpu_per_100)" "$(of cpu_ours dev_s)" "$(worst cpu_ours)"
line "bare SSH.NET, curve25519 first, 50 at once" "$(of cpu_bare cpu_per_100)" "$(of cpu_bare dev_s)" "$(worst cpu_bare)"
line "ours, 30 ms per command, 1 s per save, 200 at once" "$(of rate cpu_per_100)" "$(of rate dev_s)" "$(worst rate)"
printf '\n%-58s %12s\n' "from connecting to the prompt after login, one at a time" ms
printf '%-58s %12s\n' ours "$(of open_ours open_ms)" "bare SSH.NET" "$(of open_bare open_ms)"
printf '\n%-58s %12s\n' "20 orders on one switch: wall time over that of one" ratio
for kind in "10 5000" "30 1000" "30 10000"; do printf '%-58s %12s\n' "${kind% *} ms per command, ${kind#* } ms per save" "$(batch "batch_${kind/ /_}")"; done
printf '\n'
for what in "${left_out[@]}"; do say "left out: $what"; done
say "batch20_ratio is that of 10 ms per command and 5 s per save; the database of the lanes is not in it"

last "$(ratio "$(of cpu_ours cpu_per_100)" "$(of cpu_bare cpu_per_100)")" "$(of cpu_ours cpu_per_100)" "$(of rate dev_s)" "$(batch batch_10_5000)"
