using System.Net;
using ProvisionSvc.Devices.Terminal;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.IntegrationTests.Lanes;

/// <summary>
/// One port behind a VRP 8 like command line and an agent, in this process: a candidate (or lines that run at once), and a trial that ends by itself.
/// </summary>
internal sealed class TrialSwitch : ITerminalConnector, ISnmpClient
{
    private static readonly TimeSpan TrialTime = TimeSpan.FromSeconds(5);
    private readonly Lock _lock = new();
    private Config _running = new(false, null, null);
    private Config _candidate;
    private (Config Before, long Since, int Session)? _trial;
    private int _sessions;
    private int _open;

    public TrialSwitch() => _candidate = _running;

    public sealed record Config(bool Up, string? Vlan, string? Alias);

    /// <summary>Lines take effect as they are typed; a trial is begun before them.</summary>
    public bool RunsAtOnce { get; init; }

    /// <summary>What becomes of a line instead: null lets it have its way. It may have its way first, by calling the function it is given.</summary>
    public Func<string, Func<LineResult>, LineResult?> Fault { get; set; } = (_, _) => null;

    /// <summary>How long it takes before it looks at a line.</summary>
    public Func<string, TimeSpan> Pause { get; set; } = _ => TimeSpan.Zero;

    /// <summary>Every line typed, as "session: line".</summary>
    public List<string> Typed { get; } = [];

    public int MostOpenAtOnce { get; private set; }

    public Config Saved { get; private set; } = new(false, null, null);

    public Config Running
    {
        get
        {
            lock (_lock)
            {
                Settle();
                return _running;
            }
        }
    }

    public bool IsOnTrial
    {
        get
        {
            lock (_lock)
            {
                Settle();
                return _trial is not null;
            }
        }
    }

    public Task<ITerminalSession> OpenAsync(TerminalEndpoint endpoint, TerminalDialect dialect, CancellationToken ct)
    {
        MostOpenAtOnce = Math.Max(MostOpenAtOnce, Interlocked.Increment(ref _open));
        _candidate = Running;
        return Task.FromResult<ITerminalSession>(new Session(this, Interlocked.Increment(ref _sessions)));
    }

    public Task<string> ReadHostKeyAsync(IPEndPoint device, AccessWay? way, CancellationToken ct) => throw new NotSupportedException();

    public Task<IReadOnlyList<VarBind>> GetAsync(SnmpTarget target, IReadOnlyList<Oid> oids, CancellationToken ct)
    {
        var now = Running;
        var status = SnmpValue.Integer32(now.Up ? 1 : 2);
        return Task.FromResult<IReadOnlyList<VarBind>>(
        [
            new(oids[0], SnmpValue.OctetString("GigabitEthernet0/0/1")), new(oids[1], status), new(oids[2], status),
            new(oids[3], SnmpValue.OctetString(now.Alias ?? "")), new(oids[4], SnmpValue.TimeTicks(4711)),
        ]);
    }

    public Task<SnmpWalk> WalkAsync(SnmpTarget target, Oid root, SnmpReadLimits limits, CancellationToken ct) =>
        Task.FromResult(new SnmpWalk(root, [new(root.Append(101), SnmpValue.OctetString("GigabitEthernet0/0/1"))], new ReadingEnd(null)));

    public Task<IReadOnlyList<VarBind>> SetAsync(SnmpTarget target, IReadOnlyList<VarBind> varBinds, CancellationToken ct) => throw new NotSupportedException();

    public Task<SnmpTable> ReadTableAsync(SnmpTarget target, IReadOnlyList<Oid> columns, SnmpReadLimits limits, CancellationToken ct) => throw new NotSupportedException();

    private void Settle()
    {
        if (_trial is { } trial && TimeProvider.System.GetElapsedTime(trial.Since) > TrialTime)
        {
            (_running, _trial) = (trial.Before, null);
        }
    }

    private LineResult Execute(int session, string line)
    {
        lock (_lock)
        {
            Settle();
            var words = line.Split(' ');
            if (line.StartsWith("commit trial", StringComparison.Ordinal))
            {
                _trial = (_running, TimeProvider.System.GetTimestamp(), session);
                _running = RunsAtOnce ? _running : _candidate;
            }
            else if (line == "commit")
            {
                if (_trial is { } trial && trial.Session != session && !RunsAtOnce && SessionBound)
                {
                    return new LineResult.Rejected("", "Error: the trial is another session's.");
                }

                (_running, _trial) = (_trial is null ? _candidate : _running, null);
            }
            else if (line.StartsWith("display current", StringComparison.Ordinal))
            {
                return new LineResult.Confirmed(Shown(_running));
            }
            else if (line.StartsWith("display saved", StringComparison.Ordinal))
            {
                return new LineResult.Confirmed(Shown(Saved));
            }
            else if (line == "save")
            {
                Saved = _running;
                return new LineResult.Confirmed("Save the configuration successfully.\n");
            }
            else if (line == "clear configuration candidate")
            {
                _candidate = _running;
            }
            else
            {
                if (_trial is not null && !RunsAtOnce && words[0] is "undo" or "shutdown" or "description" or "port")
                {
                    return new LineResult.Rejected("", "Error: nothing can be changed during a trial.");
                }

                _candidate = line switch
                {
                    "undo shutdown" => _candidate with { Up = true },
                    "shutdown" => _candidate with { Up = false },
                    "undo description" => _candidate with { Alias = null },
                    "undo port default vlan" => _candidate with { Vlan = null },
                    _ when words[0] == "description" => _candidate with { Alias = words[1] },
                    _ when line.StartsWith("port default vlan", StringComparison.Ordinal) => _candidate with { Vlan = words[3] },
                    _ => _candidate,
                };
                _running = RunsAtOnce ? _candidate : _running;
            }

            return new LineResult.Confirmed("");
        }
    }

    /// <summary>Only the session that began a trial may keep it.</summary>
    public bool SessionBound { get; init; } = true;

    private static string Shown(Config config) =>
        $"#\ninterface GigabitEthernet0/0/1\n{(config.Up ? "" : " shutdown\n")}{(config.Vlan is { } vlan ? $" port default vlan {vlan}\n" : "")}" +
        $"{(config.Alias is { } alias ? $" description {alias}\n" : "")}#\nreturn\n";

    private sealed class Session(TrialSwitch device, int number) : ITerminalSession
    {
        private bool _dead;

        public string SwitchName => "b1-sw2";

        public int LocalPort => number;

        public string Host => "";

        public string Banner => "";

        public string Transcript => "";

        public async Task<LineResult> SendAsync(string line, CancellationToken ct, TimeSpan? deadline = null, IReadOnlyList<Dialogue>? dialogues = null)
        {
            if (_dead)
            {
                return new LineResult.Unknown("", "not sent");
            }

            await Task.Delay(device.Pause(line), TimeProvider.System, ct);
            device.Typed.Add($"{number}: {line}");
            var result = device.Fault(line, () => device.Execute(number, line)) ?? device.Execute(number, line);
            _dead = result is LineResult.Unknown;
            return result;
        }

        public ValueTask DisposeAsync()
        {
            Interlocked.Decrement(ref device._open);
            return ValueTask.CompletedTask;
        }
    }
}
