# Part of eng/lab.sh: telling others what was built. Every value is made by the lab itself: letters, digits,
# dots, slashes; so plain printf makes valid JSON and CSV.

csv() { cat >"$state/inventory/$1.csv"; }
fingerprint() { ssh-keygen -lf "$state/switches/sw$1/run/lab/host_key.pub" | awk '{ print $2 }'; }
each_switch() { seq 1 "$count"; }
each_port() { seq 1 "$customers_per_switch"; }

write_inventory() {
    local i k
    mkdir -p "$state/inventory"
    printf '%s\n' number,name '1,Lab district' | csv districts
    printf '%s\n' name,district,uplink_mbps,oversubscription,vlan_first,vlan_last \
        "lab-node,1,10000,4,$first_vlan,${vlans[-1]}" | csv nodes
    { echo name,address,district,node
      for i in $(each_switch); do echo "Lab building $i,Lab street $i,1,lab-node"; done; } | csv buildings
    { echo name,building,template,address,snmp_port,ssh_port,credential,serial,host_key_sha256
      for i in $(each_switch); do
          echo "sw$i,Lab building $i,open-vswitch,$(switch_address "$i"),161,22,lab,LAB-$id-$i,$(fingerprint "$i")"
      done; } | csv switches
    { echo switch,if_name,role,speed_mbps
      for i in $(each_switch); do
          for k in $(each_port); do echo "sw$i,p$k,customer,10000"; done
          echo "sw$i,u1,uplink,10000"
      done; } | csv ports
    { echo name,switch,if_names,node,speed_mbps
      for i in $(each_switch); do echo "sw$i-uplink,sw$i,u1,lab-node,10000"; done; } | csv links
    { echo code,name,segment
      for i in $(each_switch); do for k in $(each_port); do echo "LAB-$i-$k,Lab customer $i-$k,small"; done; done; } | csv customers
    { echo number,customer,district,monthly_value
      for i in $(each_switch); do for k in $(each_port); do echo "LAB-ACC-$i-$k,LAB-$i-$k,1,1000"; done; done; } | csv accounts
    # Nothing is sold yet: the story and the tests sell it.
    echo name,customer | csv groups
    echo circuit_id,account,building,group,rate_down_mbps,rate_up_mbps,state | csv services
    echo circuit_id,switch,if_name,vlan,tagged | csv attachments
}

# Joins lines with commas: the JSON lists below are written one element per line.
commas() { sed '$!s/$/,/'; }

json_ports() {
    local i=$1 k vlan list
    for k in $(each_port); do
        list=
        for vlan in "${vlans[@]}"; do
            customer_address "$i" "$k" "$vlan"
            list+="${list:+, }\"$vlan\": \"$address\""
        done
        printf '      { "name": "p%s", "customer": { "namespace": "%s", "interface": "eth0", "addresses": { %s } } }\n' "$k" "$prefix-sw$i-p$k" "$list"
    done | commas
}

json_gateways() {
    local vlan
    for vlan in "${vlans[@]}"; do
        gateway_address "$vlan"
        printf '    { "id": %s, "interface": "vlan%s", "address": "%s", "prefixLength": 24 }\n' "$vlan" "$vlan" "$address"
    done | commas
}

json_switches() {
    local i
    for i in $(each_switch); do
        cat <<JSON
    { "name": "sw$i", "namespace": "$prefix-sw$i", "folder": "$state/switches/sw$i",
      "address": "$(switch_address "$i")", "snmpPort": 161, "readCommunity": "$read_community", "writeCommunity": "$write_community",
      "sshPort": 22, "user": "root", "keyFile": "$state/keys/id_ed25519",
      "knownHostsFile": "$state/keys/known_hosts", "hostKeySha256": "$(fingerprint "$i")",
      "bridge": "br0", "uplink": "u1", "ports": [
$(json_ports "$i")
      ] }$([ "$i" -eq "$count" ] || echo ,)
JSON
    done
}

write_json() {
    cat >"$state/lab.json.new" <<JSON
{
  "id": "$id",
  "prefix": "$prefix",
  "state": "$state",
  "inventory": "$state/inventory",
  "managementPrefix": "$management.0/24",
  "gateway": { "namespace": "$node", "vlans": [
$(json_gateways)
  ] },
  "switches": [
$(json_switches)
  ]
}
JSON
    chmod 600 "$state/lab.json.new"
    mv "$state/lab.json.new" "$state/lab.json"
}
