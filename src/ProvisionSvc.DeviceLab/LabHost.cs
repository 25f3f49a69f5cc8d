using System.Net.Sockets;
using ProvisionSvc.DeviceLab.Agent;
using ProvisionSvc.DeviceLab.City;
using ProvisionSvc.DeviceLab.Faults;
using ProvisionSvc.DeviceLab.Ssh;
using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.DeviceLab.Terminal;

namespace ProvisionSvc.DeviceLab;

/// <summary>
/// A running lab: a city of switches in this process. Several may run at once, on free ports of the same addresses. Dispose stops its
/// sockets and its sshd.
/// </summary>
public sealed class LabHost : IAsyncDisposable
{
    private readonly LabOptions _options;
    private readonly Dictionary<string, SimSwitch> _byName;
    private readonly FileStream _claim;
    private readonly CancellationTokenSource _stop = new();
    private readonly Sessions _streams = new();
    private readonly Dictionary<string, V3Agent> _engines;
    private List<AgentSocket> _agents = [];
    private SshAccess? _ssh;
    private ControlSocket? _control;

    private LabHost(LabOptions options, CityPlan city, WriteLog log, IReadOnlyList<SimSwitch> switches, FileStream claim)
    {
        (_options, City, WriteLog, Switches, _claim) = (options, city, log, switches, claim);
        _byName = switches.ToDictionary(s => s.Name, StringComparer.Ordinal);
        _engines = switches.ToDictionary(s => s.Name, s => new V3Agent(s.Address, options.Clock), StringComparer.Ordinal);
        foreach (var engine in _engines.Values) engine.SetUsers(options.Users);
        Control = new LabControl(this, options.Clock);
    }

    public CityPlan City { get; }

    public IReadOnlyList<SimSwitch> Switches { get; }

    public WriteLog WriteLog { get; }

    /// <summary>Orders misbehaviour and reads states.</summary>
    public LabControl Control { get; }

    /// <summary>The unix socket to which <c>devicelab tell</c> and <c>devicelab state</c> talk.</summary>
    public string ControlSocket => _control?.Path ?? "";

    public int SnmpPort { get; private set; }

    /// <summary>0 without sshd.</summary>
    public int SshPort => _ssh?.Port ?? 0;

    public string ReadCommunity => _options.ReadCommunity;

    public string EnableSecret => _options.EnableSecret;

    public string WriteCommunity => _options.WriteCommunity;

    /// <summary>What all <see cref="Users"/> prove themselves and hide their messages with.</summary>
    public string V3Password => _options.V3Password;

    /// <summary>Who may read, then who may write, in SNMPv3.</summary>
    public IReadOnlyList<LabUser> Users => _options.Users;

    /// <summary>The host key that all switches show, as <c>SHA256:…</c>; empty without sshd.</summary>
    public string HostKeySha256 => _ssh?.HostKeySha256 ?? "";

    /// <summary>Who may log in, with <see cref="PrivateKeyFile"/>; empty without sshd.</summary>
    public string User => _ssh is null ? "" : SshdProcess.User;

    public string PrivateKeyFile => _ssh?.PrivateKeyFile ?? "";

    /// <summary>Where the inventory was written; null when it was not asked for.</summary>
    public string? InventoryDirectory => _options.InventoryDirectory;

    /// <summary>Why this machine cannot run a lab with SSH, and what to do; null when it can. Tests skip with it.</summary>
    public static string? WhyNoSsh() => SshdProcess.WhyNot();

    public static async Task<LabHost> StartAsync(LabOptions options, CancellationToken ct)
    {
        options.Validate();
        if (OperatingSystem.IsWindows()) throw new LabException("DeviceLab needs Linux: all of 127.0.0.0/8, unix sockets and sshd.");
        Directory.CreateDirectory(options.StateDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var claim = Claim(options.StateDirectory);
        var city = CityBuilder.Build(options.Switches, options.Nodes, options.Buildings, options.Seed, options.Base, options.Families);
        var log = new WriteLog(Path.Combine(options.StateDirectory, "writes.jsonl"), options.Clock);
        var host = new LabHost(options, city, log, SwitchBuilder.Build(city, options, log), claim);
        try
        {
            await host.OpenAsync(ct);
            return host;
        }
        catch (Exception e)
        {
            await host.DisposeAsync();
            if (e is SocketException { SocketErrorCode: SocketError.TooManyOpenSockets })
            {
                throw new LabException($"{options.Switches} switches need {(options.Ssh ? 2 : 1) * options.Switches} sockets: raise the limit of open files (ulimit -n).", e);
            }

            throw;
        }
    }

    public SimSwitch Find(string switchName) =>
        _byName.GetValueOrDefault(switchName) ?? throw new LabException($"There is no switch {switchName}; the first is {Switches[0].Name}.");

    /// <summary>The switch's SNMPv3 users are these from now on.</summary>
    public void SetUsers(string switchName, params IReadOnlyList<LabUser> users) => _engines[Find(switchName).Name].SetUsers(users);

    /// <summary>How often the switch has refused an SNMPv3 user.</summary>
    public int RefusedUsers(string switchName) => _engines[Find(switchName).Name].Refusals;

    /// <summary>The switch answers as another SNMPv3 engine (empty: the same), which has started so many times less.</summary>
    public void ReplaceEngine(string switchName, ReadOnlySpan<byte> engineId, int bootsBack) => _engines[Find(switchName).Name].Replace(engineId, bootsBack);

    /// <summary>A terminal of this switch without SSH: the stream that a client would type into. Dispose it to hang up.</summary>
    public Stream OpenTerminal(string switchName)
    {
        var device = Find(switchName);
        if (device.Family.CommandLine is null) throw new LabException($"{switchName} is of family {device.Family.Name}, which has no terminal.");
        var (near, far) = DuplexStream.Pair();
        _streams.Add(ServeAsync(device, far, "stream", null, far.Dispose, _stop.Token));
        return near;
    }

    /// <summary>Two labs in one state folder would take each other's sockets.</summary>
    private static FileStream Claim(string stateDirectory)
    {
        try
        {
            return new FileStream(Path.Combine(stateDirectory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new LabException($"Another lab runs with the state folder {stateDirectory}: stop it, or choose another.", e);
        }
    }

    private async Task OpenAsync(CancellationToken ct)
    {
        var agent = new AgentOptions(
            System.Text.Encoding.UTF8.GetBytes(ReadCommunity), System.Text.Encoding.UTF8.GetBytes(WriteCommunity), _options.MaxSnmpMessage);
        (SnmpPort, _agents) = AgentSocket.OpenAll([.. Switches.Select(s => (s.Address, (IResponder)new AgentResponder(s, agent, _engines[s.Name])))], _options.SnmpPort);
        if (_options.Ssh) _ssh = await SshAccess.OpenAsync(_options, [.. Switches.Where(s => s.Family.CommandLine is not null)], ServeAsync, ct);
        foreach (var device in Switches) device.Faults.Changed = () => Follow(device);
        _control = new ControlSocket(SocketPath.In(Path.GetFullPath(_options.StateDirectory), "control.sock"), this);
        if (InventoryDirectory is { } folder) await InventoryWriter.WriteAsync(City, folder, SnmpPort, SshPort, HostKeySha256, ct);
    }

    private void Follow(SimSwitch device)
    {
        _ssh?.Refresh(device);
        if (device.Faults.IsUnreachable) device.Vty.CutAll();
    }

    private static async Task ServeAsync(SimSwitch device, Stream stream, string channel, string? client, Action abort, CancellationToken ct)
    {
        await using (stream)
        {
            if (device.Family.CommandLine is not { } commands) return;
            using var session = new TerminalSession(device, commands, stream, channel, client, abort);
            await session.RunAsync(ct);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_control is not null) await _control.DisposeAsync();
        if (_ssh is not null) await _ssh.DisposeAsync();
        await _streams.EndAsync();
        foreach (var agent in _agents) await agent.DisposeAsync();
        foreach (var engine in _engines.Values) engine.Dispose();
        WriteLog.Dispose();
        await _claim.DisposeAsync();
        _stop.Dispose();
    }
}
