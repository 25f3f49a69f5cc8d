# shellcheck shell=bash
# Starting and stopping what the story needs. Sourced by eng/demo.sh.

provision=$root/src/ProvisionSvc.Cli/bin/Release/net10.0/provision
service_pid='' lab_pid='' lab_input='' lab_up=''

say() { printf 'demo: %s\n' "$*"; }
fail() { printf 'demo: %s\n' "$*" >&2; exit 1; }

since() { awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }'; }

# The first value of a member in JSON on standard input; numbers, texts and booleans only.
field() { grep -oE "\"$1\": ?(\"[^\"]*\"|[0-9.]+|true|false)" | head -n 1 | sed -E 's/^"[^"]*": ?//; s/^"(.*)"$/\1/'; }

set_up() { eng/setup.sh "$([ -n "$real" ] && echo real || echo demo)"; }

build() {
    local from=$EPOCHREALTIME
    say 'building (the first time takes a minute or two)'
    local log=$state/build.log
    for project in ProvisionSvc ProvisionSvc.Cli ProvisionSvc.DeviceLab; do
        dotnet build "src/$project" -c Release -v q -nologo -clp:NoSummary >>"$log" 2>&1 || { cat "$log" >&2; fail 'the build failed'; }
    done
    say "built in $(since "$from") s"
}

# Waits until a command succeeds, at most so many seconds, as long as a process lives.
wait_for() {
    local what=$1 seconds=$2 pid=$3 log=$4
    shift 4
    local until=$((SECONDS + seconds))
    until "$@" >/dev/null 2>&1; do
        kill -0 "$pid" 2>/dev/null && [ $SECONDS -lt $until ] || { tail -n 20 "$log" >&2; fail "$what did not come up"; }
        sleep 0.1
    done
}

start_network() {
    local from=$EPOCHREALTIME
    if [ -n "$real" ]; then
        lab_up=1
        eng/lab.sh up 2 --state "$state/lab" >"$state/lab.log" 2>&1 || { cat "$state/lab.log" >&2; fail 'the real-switch lab did not come up'; }
        read_real_lab
        say "2 real switches (Open vSwitch, snmpd, sshd) in $(since "$from") s"
        return
    fi

    # The city lives as long as this pipe: it ends with us, however we end.
    mkfifo "$state/lab.in"
    src/ProvisionSvc.DeviceLab/bin/Release/net10.0/devicelab run --state "$state/lab" --write-inventory "$state/inventory" \
        <"$state/lab.in" >"$state/lab.log" 2>&1 &
    lab_pid=$!
    exec {lab_input}>"$state/lab.in"
    wait_for 'the simulated city' 60 "$lab_pid" "$state/lab.log" grep -q '"ready":true' "$state/lab.log"
    inventory=$state/inventory
    prefix=127.0.0.0/8 building=B005 account=A000001 mbps=100
    switch_user=$(field user <"$state/lab.log")
    switch_key=$(field privateKeyFile <"$state/lab.log")
    PROVISION_SNMP_READ=$(field readCommunity <"$state/lab.log")
    PROVISION_SNMP_WRITE=$(field writeCommunity <"$state/lab.log")
    export PROVISION_SNMP_READ PROVISION_SNMP_WRITE
    say "a city of 3 nodes, 20 buildings, $(field switches <"$state/lab.log") switches in $(since "$from") s"
}

free_port() {
    local port
    for port in 8080 $(shuf -i 20000-40000 -n 20); do
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
    done
    fail 'no free port was found'
}

start_service() {
    local from=$EPOCHREALTIME port
    port=$(free_port)
    export PROVISION_URL=http://127.0.0.1:$port PROVISION_TOKEN_FILE=$state/service/admin.token
    ConnectionStrings__Provision='' src/ProvisionSvc/bin/Release/net10.0/ProvisionSvc --urls "$PROVISION_URL" \
        --Provision:StateDirectory="$state/service" --Provision:ManagementPrefixes:0="$prefix" >"$state/service.log" 2>&1 &
    service_pid=$!
    wait_for 'the service' 90 "$service_pid" "$state/service.log" ready
    say "a private PostgreSQL and the service on $PROVISION_URL in $(since "$from") s"
}

ready() { "$provision" node list; }

take_over() {
    local from=$EPOCHREALTIME out=$state/take-over.log
    "$provision" credential set lab --user "$switch_user" --private-key-file "$switch_key" >"$out" 2>&1 || { cat "$out" >&2; fail 'the credential was not taken'; }
    "$provision" inventory import "$inventory" >"$out" 2>&1 || { cat "$out" >&2; fail 'the import failed'; }
    say "imported $(awk '$1 == "switches" { print $2 }' "$out") switches, $(awk '$1 == "ports" { print $2 }' "$out") ports, $(awk '$1 == "services" { print $2 }' "$out") services in $(since "$from") s"
    from=$EPOCHREALTIME
    "$provision" service adopt --apply >"$out" 2>&1 || { cat "$out" >&2; fail 'adoption failed'; }
    say "adopted all of them, every port read over SSH and SNMP, no difference, in $(since "$from") s"
}

stop_process() {
    [ -n "$1" ] && kill -0 "$1" 2>/dev/null || return 0
    kill -TERM "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}

stop_everything() {
    local status=$?
    trap - EXIT INT TERM HUP
    [ $status -eq 0 ] || [ $status -ge 128 ] || { [ ! -f "$state/service.log" ] || { say 'the end of the service log:' >&2; tail -n 15 "$state/service.log" >&2; }; }
    stop_process "$service_pid"
    [ -z "$lab_input" ] || exec {lab_input}>&-
    stop_process "$lab_pid"
    [ -z "$lab_up" ] || eng/lab.sh down --state "$state/lab" >/dev/null 2>&1 || say 'the lab was not taken down; see eng/lab.sh status' >&2
    rm -rf "$state"
    exit $status
}

read_real_lab() {
    local json=$state/lab/lab.json
    inventory=$state/lab/inventory building='Lab building 1' account=LAB-ACC-1-1 mbps=20
    prefix=$(field managementPrefix <"$json")
    switch_user=$(field user <"$json")
    switch_key=$(field keyFile <"$json")
    PROVISION_SNMP_READ=$(field readCommunity <"$json")
    PROVISION_SNMP_WRITE=$(field writeCommunity <"$json")
    export PROVISION_SNMP_READ PROVISION_SNMP_WRITE
}
