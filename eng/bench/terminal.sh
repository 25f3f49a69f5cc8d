#!/usr/bin/env bash
# 100,000 sessions with a switch that misbehaves, over an in-process stream, and 1,000 through a real sshd: no answer to the wrong command, no wrong port
#   eng/bench.sh terminal [--sessions 100000] [--ssh-sessions 1000] [--seed 1]
set -uo pipefail

sessions=100000 ssh_sessions=1000 seed=1
while [ $# -ge 2 ]; do
    case $1 in
        --sessions) sessions=$2 ;;
        --ssh-sessions) ssh_sessions=$2 ;;
        --seed) seed=$2 ;;
        *) printf 'unknown option %s\n' "$1" >&2; exit 2 ;;
    esac
    shift 2
done

project=tests/ProvisionSvc.Benchmarks
program=$project/bin/Release/net10.0/ProvisionSvc.Benchmarks
dotnet build "$project" -c Release -v q -clp:NoSummary >&2 || exit 1
. eng/bench/lib/sshd.sh
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

status=0
"$program" terminal --sessions "$sessions" --seed "$seed" | tee "$work/lines" || status=1
if ! command -v socat >/dev/null; then
    printf 'bench: left out: sessions through sshd: socat is not installed (eng/setup.sh test)\n'
    status=1
elif start_sshd "$work" "socat STDIO,raw,echo=0 UNIX-CONNECT:$work/device.sock"; then
    "$program" terminal --sessions "$ssh_sessions" --seed "$seed" --parallel 50 --port "$ssh_port" --host-key "$ssh_host_key" --key "$ssh_key" --socket "$work/device.sock" \
        | tee -a "$work/lines" || status=1
else
    status=1
fi

awk -v status="$status" '
    { for (i = 1; i <= NF; i++) { split($i, pair, "="); sum[pair[1]] += pair[2]; if (pair[2] + 0 > most[pair[1]]) most[pair[1]] = pair[2] + 0 } }
    END { printf "bench=terminal sessions=%d answers=%d doubts=%d wrong_answers=%d wrong_ports=%d strays=%d grown_mib=%.1f ok=%d\n",
          sum["sessions"], sum["answers"], sum["doubts"], sum["wrong"], sum["wrong_ports"], sum["strays"], most["grown_mib"], status == 0 }' "$work/lines"
exit "$status"
