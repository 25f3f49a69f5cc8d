#!/usr/bin/env bash
# The main job, told on a simulated city (or on real switches), with a private PostgreSQL and the service itself.
#   eng/demo.sh            tells the story, then stays up until Ctrl-C
#   eng/demo.sh --once     ends after the story: 0 only if every step was proven by reading the switch
#   eng/demo.sh --real     on Open vSwitch, snmpd and sshd in network namespaces (needs root)
# Everything it makes lies in one temporary folder and is gone afterwards.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1 LC_ALL=C.UTF-8

once='' real=''
for argument in "$@"; do
    case $argument in
        --once) once=1 ;;
        --real) real=1 ;;
        *) sed -n '2,6s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 1 ;;
    esac
done

for part in parts story; do
    # shellcheck source=/dev/null
    . "$root/eng/demo/$part.sh"
done

# Not below a home folder: the private database runs as its own user and has to reach it.
state=$(mktemp -d "${TMPDIR:-/tmp}/provision-demo.XXXXXX")
chmod 711 "$state"
trap stop_everything EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

started=$EPOCHREALTIME
set_up
build
start_network
start_service
take_over
tell_story
say "the story took $(since "$story_started") s; everything from the first line $(since "$started") s"
[ -z "$once" ] || exit 0

cat <<EOF

It stays up until Ctrl-C. In another terminal:
  export PROVISION_URL=$PROVISION_URL PROVISION_TOKEN_FILE=$PROVISION_TOKEN_FILE
  $provision order list
API documentation: $PROVISION_URL/docs   (document: $PROVISION_URL/openapi/v1.json)
EOF
wait "$service_pid"
