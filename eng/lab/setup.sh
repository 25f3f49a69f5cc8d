# Part of eng/lab.sh: building the lab.

require() {
    [ "$(id -u)" -eq 0 ] || fail 2 "needs root (network namespaces)"
    local command missing=
    for command in ip ethtool ovsdb-tool ovsdb-server ovs-vswitchd ovs-vsctl snmpd sshd ssh-keygen dash unshare; do
        command -v "$command" >/dev/null || missing+=" $command"
    done
    [ -z "$missing" ] || fail 2 "missing:$missing (eng/setup.sh real installs them)"
    [ -c /dev/net/tun ] || fail 2 "no /dev/net/tun: Open vSwitch in user space needs it"
    local probe=$prefix-probe
    ip netns add "$probe" 2>/dev/null || fail 2 "this kernel or container allows no network namespaces"
    ip netns del "$probe"
}

lock_state() {
    exec 7<"$state"
    flock -n 7 || fail 1 "another up or down works on $state"
}

# The lab's VLANs, one per customer and some to spare; VLAN first_vlan + n is 198.18.(n + 1).0/24.
number_vlans() {
    local vlan
    vlans=() trunk=
    for ((vlan = first_vlan; vlan < first_vlan + customers_per_switch * count + 8; vlan++)); do
        vlans+=("$vlan")
        trunk+=${trunk:+,}$vlan
    done
}
# Both answer in $address: a subshell for each of some hundred addresses would take seconds.
customer_address() { address=198.18.$(($3 - first_vlan + 1)).$((10 + ($1 - 1) * customers_per_switch + $2)); }
gateway_address() { address=198.18.$(($1 - first_vlan + 1)).1; }
random_word() { od -An -N8 -tx8 /dev/urandom | tr -d ' '; }

lab_up() {
    mkdir -p "$state"
    chmod 700 "$state"
    lock_state
    [ ! -e "$state/lab.json" ] || [ -z "$(namespaces)" ] || fail 1 "already up: eng/lab.sh down --state $state"
    if [ -n "$(namespaces)" ]; then say "removing what an earlier run left"; fi
    lab_down
    mkdir -p "$state/keys"
    number_vlans

    trap 'status=$?; [ -n "${ready:-}" ] || undo "$status"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP

    read_community=$(random_word)
    write_community=$(random_word)
    ssh-keygen -q -t ed25519 -N '' -C provision-lab -f "$state/keys/id_ed25519"

    local i
    node_namespace
    for i in $(seq 1 "$count"); do switch_namespace "$i"; done
    management_addresses
    node_switch
    for i in $(seq 1 "$count"); do switch_daemons "$i"; done
    write_inventory
    write_json
    ready=1
    say "$count switches up; described in $state/lab.json"
}

undo() {
    trap - EXIT
    [ ! -s "$state/up.log" ] || tail -n 20 "$state/up.log" >&2
    lab_down
    printf 'lab: up failed, everything removed\n' >&2
    exit "$(($1 == 0 ? 1 : $1))"
}

new_namespace() {
    ip netns add "$1"
    ip -n "$1" link set lo up
    # No IPv6 chatter, no routing between VLANs, and an ARP answer only on the VLAN that has the address.
    ip netns exec "$1" sh -c '
        cd /proc/sys/net
        for scope in all default; do
            if [ -e ipv6/conf/$scope/disable_ipv6 ]; then echo 1 >ipv6/conf/$scope/disable_ipv6; fi
            echo 1 >ipv4/conf/$scope/arp_ignore
            echo 0 >ipv4/conf/$scope/rp_filter
        done
        echo 0 >ipv4/ip_forward'
}

node_namespace() { new_namespace "$node"; }

# A switch with its cables: m to the management network, u1 to the node, p1..pN to the customers.
switch_namespace() {
    local i=$1 ns=$prefix-sw$1 k customer vlan
    new_namespace "$ns"
    ip link add "pl-$id-m$i" type veth peer name mgmt0 netns "$ns"
    ip link add "sw$i" netns "$node" type veth peer name u1 netns "$ns"
    ip -n "$node" link set "sw$i" up
    ip -n "$ns" link set u1 up
    for k in $(seq 1 "$customers_per_switch"); do
        customer=$ns-p$k
        new_namespace "$customer"
        ip link add "p$k" netns "$ns" type veth peer name eth0 netns "$customer"
        # A user-space switch forwards frames as they are: checksums must be in them.
        ip netns exec "$customer" ethtool -K eth0 tx off >/dev/null 2>>"$state/up.log"
        {
            echo "link set eth0 up"
            # One address per VLAN: whichever VLAN an order picks, the customer is ready for it.
            for vlan in "${vlans[@]}"; do
                customer_address "$i" "$k" "$vlan"
                echo "addr add $address/24 dev eth0"
            done
        } | ip -n "$customer" -batch -
    done
}

# 10.213.X.0/24, one /30 per switch; X follows from the lab's name and moves on when it is taken.
management_addresses() {
    local x tries i
    exec 6</run/netns # any file that every lab sees
    flock 6
    x=$((16#${id:0:2}))
    for tries in $(seq 1 256); do
        [ -z "$(ip -4 route show root "10.213.$x.0/24")" ] && break
        [ "$tries" -lt 256 ] || fail 1 "no free management prefix in 10.213.0.0/16"
        x=$(((x + 1) % 256))
    done
    management=10.213.$x
    for i in $(seq 1 "$count"); do
        ip addr add "$management.$((4 * i + 1))/30" dev "pl-$id-m$i"
        ip link set "pl-$id-m$i" up
        ip -n "$prefix-sw$i" addr add "$management.$((4 * i + 2))/30" dev mgmt0
        ip -n "$prefix-sw$i" link set mgmt0 up
    done
    exec 6<&-
}

switch_address() { echo "$management.$((4 * $1 + 2))"; }

# One Open vSwitch of its own: database, sockets and logs in DIR; never the system's.
start_ovs() {
    local ns=$1 dir=$2
    mkdir -p "$dir/run/openvswitch" "$dir/log"
    ovsdb-tool create "$dir/conf.db" /usr/share/openvswitch/vswitch.ovsschema >>"$state/up.log" 2>&1
    export OVS_RUNDIR=$dir/run/openvswitch OVS_LOGDIR=$dir/log OVS_DBDIR=$dir
    ip netns exec "$ns" ovsdb-server "$dir/conf.db" "--remote=punix:$OVS_RUNDIR/db.sock" --pidfile --detach --no-chdir \
        --log-file -vconsole:off -vsyslog:off 6>&- 7<&- >>"$state/up.log" 2>&1
    ovs-vsctl --no-wait init
    ip netns exec "$ns" ovs-vswitchd "unix:$OVS_RUNDIR/db.sock" --pidfile --detach --no-chdir \
        --log-file -vconsole:off -vsyslog:off 6>&- 7<&- >>"$state/up.log" 2>&1
}

# The node: every uplink is a trunk, every VLAN has a gateway address of its own.
node_switch() {
    local i vlan ports=()
    start_ovs "$node" "$state/node"
    for i in $(seq 1 "$count"); do
        ports+=(-- add-port br0 "sw$i" -- set port "sw$i" vlan_mode=trunk "trunks=$trunk")
    done
    for vlan in "${vlans[@]}"; do
        ports+=(-- add-port br0 "vlan$vlan" "tag=$vlan" -- set interface "vlan$vlan" type=internal)
    done
    ovs-vsctl add-br br0 -- set bridge br0 datapath_type=netdev "${ports[@]}"
    for vlan in "${vlans[@]}"; do
        gateway_address "$vlan"
        printf 'addr add %s/24 dev vlan%s\nlink set vlan%s up\n' "$address" "$vlan" "$vlan"
    done | ip -n "$node" -batch -
    ip netns exec "$node" sh -ec 'for vlan; do ethtool -K "vlan$vlan" tx off; done' lab "${vlans[@]}" >/dev/null 2>>"$state/up.log"
}

# Open vSwitch, snmpd and sshd of one switch. The ports exist, are down and carry no VLAN yet.
switch_daemons() {
    local i=$1 ns=$prefix-sw$1 dir=$state/switches/sw$1 k ports=()
    start_ovs "$ns" "$dir"
    for k in $(seq 1 "$customers_per_switch"); do
        # An access port without a tag is in VLAN 0, which no trunk carries. Port numbers stay after a restart.
        ports+=(-- add-port br0 "p$k" vlan_mode=access -- set interface "p$k" "ofport_request=$k")
    done
    ovs-vsctl add-br br0 -- set bridge br0 datapath_type=netdev "other_config:hwaddr=$(printf '02:00:5e:00:%02x:%02x' $((16#${id:0:2})) "$i")" \
        -- add-port br0 u1 vlan_mode=trunk "trunks=$trunk" -- set interface u1 ofport_request=100 "${ports[@]}"

    mkdir -p "$dir/run/sshd" "$dir/run/home" "$dir/run/lab/snmp"
    # dash: bash under sshd reads ~/.bashrc, which costs 170 ms.
    printf '%s\n' root:x:0:0:switch:/run/home:/bin/dash sshd:x:65534:65534::/run/sshd:/usr/sbin/nologin >"$dir/run/lab/passwd"
    printf 'root:*:20000:0:99999:7:::\n' >"$dir/run/lab/shadow"
    chmod 600 "$dir/run/lab/shadow"

    cat >"$dir/run/lab/snmpd.conf" <<CONF
[snmp] persistentDir /run/lab/snmp
agentaddress udp:$(switch_address "$i"):161
rocommunity $read_community
rwcommunity $write_community
sysName sw$i
sysLocation Lab building $i
CONF
    inside "$i" snmpd -C -c /run/lab/snmpd.conf -p /run/snmpd.pid -Lf /var/log/snmpd.log

    ssh-keygen -q -t ed25519 -N '' -C "sw$i" -f "$dir/run/lab/host_key"
    cp "$state/keys/id_ed25519.pub" "$dir/run/lab/authorized_keys"
    cat >"$dir/run/lab/sshd_config" <<CONF
ListenAddress $(switch_address "$i"):22
HostKey /run/lab/host_key
PidFile /run/sshd.pid
AuthorizedKeysFile /run/lab/authorized_keys
StrictModes no
UsePAM no
AllowUsers root
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
DisableForwarding yes
UseDNS no
PrintMotd no
PrintLastLog no
MaxStartups 50:30:100
CONF
    printf '%s %s\n' "$(switch_address "$i")" "$(cut -d' ' -f1,2 "$dir/run/lab/host_key.pub")" >>"$state/keys/known_hosts"
    inside "$i" "$(command -v sshd)" -f /run/lab/sshd_config -E /var/log/sshd.log
}

# Runs a command as if on switch I: its network and name, its /run (so that ovs-vsctl finds this switch's
# database), its users, and no trace in the host's login records.
inside() {
    local i=$1
    shift
    ip netns exec "$prefix-sw$i" unshare --uts -- sh -ec '
        hostname "$1"
        mount --bind "$2/run/lab/passwd" /etc/passwd
        mount --bind "$2/run/lab/shadow" /etc/shadow
        mount --bind "$2/log" /var/log
        mount --bind "$2/run" /run
        shift 2
        exec "$@"' lab "sw$i" "$state/switches/sw$i" "$@" 6>&- 7<&- >>"$state/up.log" 2>&1
}
