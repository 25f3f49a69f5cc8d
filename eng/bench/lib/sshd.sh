# For benchmarks: a real sshd on a free loopback port, with keys made for the run. Sets ssh_port, ssh_key, ssh_host_key.
#   start_sshd DIRECTORY COMMAND [prefix command …]     every session runs COMMAND in DIRECTORY; the server's process id is added to pids
start_sshd() {
    local directory=$1 command=$2 program
    shift 2
    program=$(command -v sshd || echo /usr/sbin/sshd)
    [ -x "$program" ] || { printf 'bench: openssh-server is not installed (eng/setup.sh test)\n' >&2; return 1; }
    [ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd
    ssh-keygen -q -t ed25519 -N '' -f "$directory/host" && ssh-keygen -q -t ed25519 -N '' -f "$directory/client" || return 1
    cp "$directory/client.pub" "$directory/authorized_keys"
    ssh_key=$directory/client
    ssh_host_key=$(ssh-keygen -lf "$directory/host.pub" | cut -d' ' -f2)
    for attempt in 1 2 3 4 5; do
        ssh_port=$((20000 + RANDOM % 10000))
        # SHLVL: bash under sshd would read ~/.bashrc first, and whatever that starts would be measured; a shell below another one does not.
        cat >"$directory/sshd_config" <<CONFIG
SetEnv SHLVL=2
ListenAddress 127.0.0.1:$ssh_port
HostKey $directory/host
AuthorizedKeysFile $directory/authorized_keys
PidFile none
UsePAM no
StrictModes no
PermitRootLogin yes
PasswordAuthentication no
KbdInteractiveAuthentication no
DisableForwarding yes
MaxStartups 1000
LoginGraceTime 120
PrintMotd no
PrintLastLog no
UseDNS no
AllowUsers $(id -un)@127.0.0.0/8
ForceCommand cd $directory && exec $command
CONFIG
        "$@" "$program" -D -f "$directory/sshd_config" -E "$directory/sshd.log" &
        pids+=($!)
        for _ in $(seq 50); do
            (exec 3<>"/dev/tcp/127.0.0.1/$ssh_port") 2>/dev/null && return 0
            kill -0 "${pids[-1]}" 2>/dev/null || break
            sleep 0.1
        done
    done
    printf 'bench: sshd does not start: %s\n' "$(tail -n 1 "$directory/sshd.log")" >&2
    return 1
}
