#!/usr/bin/env bash
# Installs what this repository needs from Debian or Ubuntu, by name, and nothing the second time.
#   eng/setup.sh demo    a private PostgreSQL, sshd and socat for the simulated city (the default)
#   eng/setup.sh real    that and the real-switch lab (eng/lab.sh)
#   eng/setup.sh test    that and what the tests check with
# Exit codes: 0 all there, 1 an install failed, 2 a person has to install something (it says what).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
profile=${1:-demo}
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

policy=/usr/sbin/policy-rc.d
policy_kept=/usr/sbin/policy-rc.d.before-provision
cluster_conf=/etc/postgresql-common/createcluster.d/provision-setup.conf
mark='temporary, by ProvisionSvc eng/setup.sh'

say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$2" >&2; exit "$1"; }

# package | command that proves it is there | why
demo_needs='
openssh-server|sshd|the terminal of the simulated switches
openssh-client|ssh-keygen|keys made per run
socat|socat|relays a terminal session to the simulated city'
real_needs='
openvswitch-switch|ovs-vswitchd|the switches of the lab
snmpd|snmpd|their SNMP agent
snmp|snmpwalk|looking at it by hand
iproute2|ip|network namespaces
ethtool|ethtool|turns checksum offload off: a switch in user space forwards frames as they are
iputils-ping|ping|the customers of the lab
iperf3|iperf3|measuring the sold rate'
test_needs='
docker-compose|docker-compose|checks docker-compose.yml
snmpsim|snmpsimd|serves recordings of real switches, beside our own DeviceLab'

case $profile in
    demo) needs=$demo_needs ;;
    real) needs=$demo_needs$real_needs ;;
    test) needs=$demo_needs$real_needs$test_needs ;;
    *) fail 1 "unknown profile '$profile': demo, real or test" ;;
esac

# PostgreSQL 15 or later, where the service itself will look for it.
have_postgresql() {
    local dir
    for dir in "${PGBIN:-}" "$(dirname "$(command -v postgres || echo /-/-)")" /usr/lib/postgresql/*/bin; do
        [ -n "$dir" ] && [ -x "$dir/initdb" ] && [ -x "$dir/postgres" ] || continue
        [[ $("$dir/postgres" --version) =~ \)\ ([0-9]+) ]] && [ "${BASH_REMATCH[1]}" -ge 15 ] && return 0
    done
    return 1
}

find_missing() {
    local package command why
    missing=()
    while IFS='|' read -r package command why; do
        [ -n "$package" ] && ! command -v "$command" >/dev/null && missing+=("$package|$why")
    done <<<"$needs"
    have_postgresql || missing+=('postgresql|a private database server (15 or later) for the demo and the tests')
}
find_missing

have_sdk() { command -v dotnet >/dev/null && (cd "$here" && dotnet --version </dev/null >/dev/null 2>&1); }
sdk_hint="the .NET SDK of global.json ($(sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' "$here/global.json") or a later patch) is missing:
  https://dotnet.microsoft.com/download/dotnet/10.0, or their dotnet-install.sh --channel 10.0, and dotnet on the PATH"

if [ ${#missing[@]} -eq 0 ]; then
    have_sdk || fail 2 "$sdk_hint"
    say "nothing to do for '$profile'"
    exit 0
fi

packages=("${missing[@]%%|*}")
if ! command -v apt-get >/dev/null || ! command -v dpkg >/dev/null; then
    say "this is not Debian or Ubuntu. Please install what these Debian packages hold, then start again:" >&2
    for entry in "${missing[@]}"; do printf '  %-20s %s\n' "${entry%%|*}" "${entry#*|}" >&2; done
    have_sdk || printf 'setup: %s\n' "$sdk_hint" >&2
    exit 2
fi

if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail 2 "not root and no sudo; as root: apt-get install --no-install-recommends ${packages[*]}"
    say "installing ${packages[*]} needs root: asking sudo"
    sudo -- env "PGBIN=${PGBIN:-}" bash "${BASH_SOURCE[0]}" "$profile" packages-only || exit $?
    have_sdk || fail 2 "$sdk_hint"
    exit 0
fi

# One setup at a time: two would restore each other's temporary files.
exec 9>/run/lock/provision-setup.lock
flock 9

restore() {
    rm -f "$cluster_conf"
    if grep -qs "$mark" "$policy"; then rm -f "$policy"; fi
    if [ -e "$policy_kept" ]; then mv -f "$policy_kept" "$policy"; fi
}
trap restore EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
restore # what a run that was killed with -9 left

# No package starts its daemon (exit 101 forbids it), and PostgreSQL's makes no cluster of its own.
[ -e "$policy" ] && mv "$policy" "$policy_kept"
printf '#!/bin/sh\n# %s\nexit 101\n' "$mark" >"$policy"
chmod 755 "$policy"
mkdir -p "$(dirname "$cluster_conf")"
printf '# %s\ncreate_main_cluster = false\n' "$mark" >"$cluster_conf"

for entry in "${missing[@]}"; do say "installing ${entry%%|*}: ${entry#*|}"; done

apt() {
    DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 "$@" </dev/null >>"$log" 2>&1 9>&-
}
install() { apt install -y --no-install-recommends "${packages[@]}"; }
log=$(mktemp)

if [ -n "$(dpkg --audit)" ]; then
    say "finishing an install that was interrupted earlier"
    DEBIAN_FRONTEND=noninteractive dpkg --configure -a </dev/null >>"$log" 2>&1 9>&- || true
fi
before=$(systemctl list-unit-files --no-legend 2>/dev/null | awk '{print $1}' || true)
if ! install; then
    say "refreshing the package lists (apt-get update)"
    apt update || true # one unreachable extra source must not stop us; the install below decides
    install || { tail -n 20 "$log" >&2; rm -f "$log"; fail 1 "apt-get could not install ${packages[*]}"; }
fi
rm -f "$log"

# A daemon we brought is ours to start when we need it: not at boot either.
if command -v systemctl >/dev/null; then
    for package in "${packages[@]}"; do
        for unit in $(dpkg -L "$package" | sed -nE 's#^(/usr)?/lib/systemd/system/([^/@]*[.](service|socket))$#\2#p'); do
            grep -qxF "$unit" <<<"$before" && continue
            systemctl is-enabled -q "$unit" 2>/dev/null || continue
            systemctl disable -q "$unit" 2>/dev/null && say "left off at boot: $unit"
        done
    done
fi

hash -r
have_postgresql || fail 2 "this system's PostgreSQL is older than 15; add apt.postgresql.org (/usr/share/postgresql-common/pgdg/apt.postgresql.org.sh), install postgresql-17, start again"
find_missing
[ ${#missing[@]} -eq 0 ] || fail 1 "installed, and still not on the PATH: ${missing[*]%%|*}"
[ "${2:-}" = packages-only ] || have_sdk || fail 2 "$sdk_hint"
say "done"
