#!/usr/bin/env bash
# The real-switch lab: Open vSwitch in user space, snmpd and sshd in network namespaces of their own.
#   eng/lab.sh up N [--state DIR]     N switches (1..30), each with 4 customers, one node with a gateway per VLAN
#   eng/lab.sh down [--state DIR]     removes everything that up made, also what a crash left
#   eng/lab.sh status [--state DIR]   what is running
# `up` writes DIR/lab.json (everything a test needs to know) and DIR/inventory/*.csv (what the service imports).
# Several labs may run at once: every name and the management prefix follow from DIR. Needs root and
# `eng/setup.sh real`. Exit codes: 0 done, 1 failed (nothing is left behind), 2 something is missing.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
export LC_ALL=C MIBS='' # net-snmp reads no MIB texts
customers_per_switch=4
first_vlan=101

say() { printf 'lab: %s\n' "$*"; }
fail() { printf 'lab: %s\n' "$2" >&2; exit "$1"; }
usage() { sed -n '3,5s/^# *//p' "${BASH_SOURCE[0]}" >&2; exit 1; }

verb=${1:-}
[ $# -gt 0 ] && shift
count=
state=$here/../.state/lab
while [ $# -gt 0 ]; do
    case $1 in
        --state) [ $# -ge 2 ] || usage; state=$2; shift 2 ;;
        [0-9]*) count=$1; shift ;;
        *) usage ;;
    esac
done
state=$(realpath -m "$state")

# Five hex digits of the state folder's name: interface names have only 15 characters.
id=$(printf '%s' "$state" | sha256sum | cut -c1-5)
prefix=plab-$id
node=$prefix-node

for part in setup down inventory; do
    # shellcheck source=/dev/null
    . "$here/lab/$part.sh"
done

case $verb in
    up)
        [[ $count =~ ^[0-9]+$ ]] && [ "$count" -ge 1 ] && [ "$count" -le 30 ] || fail 1 "up N: N is 1..30"
        require
        lab_up
        ;;
    down)
        [ "$(id -u)" -eq 0 ] || fail 2 "needs root"
        [ ! -d "$state" ] || lock_state
        lab_down
        say "down"
        ;;
    status) lab_status ;;
    *) usage ;;
esac
