using System.Collections.Immutable;
using System.Net;
using ProvisionSvc.DeviceLab.City;
using ProvisionSvc.DeviceLab.Families;
using ProvisionSvc.DeviceLab.Faults;

namespace ProvisionSvc.DeviceLab.Switches;

/// <summary>What the outside sees of one interface at one moment.</summary>
public readonly record struct LinkReading(bool IsUp, bool HasEquipment, DateTimeOffset ChangedAt, ulong InOctets, ulong OutOctets);

/// <summary>
/// One simulated switch: one state behind its agent and its terminal. Running and startup configuration are two things; every write
/// is logged under the lock that makes it take effect, so the log's order is the order of effects.
/// </summary>
public sealed class SimSwitch
{
    private readonly Lock _gate = new();
    private readonly PortLink[] _links;
    private readonly WriteLog _log;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _operLag;
    private SwitchConfig? _shownToAgent;
    private DateTimeOffset _shownAt;
    private ITimer? _trial;

    internal SimSwitch(SwitchPlan plan, SwitchConfig startup, Func<int, bool> hasEquipment, WriteLog log, TimeProvider clock, TimeSpan operLag)
    {
        Plan = plan;
        Family = KnownFamilies.Of(plan.Model);
        Running = Startup = startup;
        IndexOffset = plan.IndexOffset;
        BootedAt = clock.GetUtcNow();
        (_log, _clock, _operLag) = (log, clock, operLag);
        _links = [.. plan.Model.Interfaces.Select((_, i) => new PortLink(hasEquipment(i), BootedAt))];
        foreach (var (link, i) in _links.Select((link, i) => (link, i))) link.Reset(BootedAt, !startup.Ports[i].Shutdown && link.HasEquipment);
    }

    public SwitchPlan Plan { get; }

    public string Name => Plan.Name;

    public IPAddress Address => Plan.Address;

    public HardwareModel Model => Plan.Model;

    internal Family Family { get; }

    public SwitchConfig Running { get; private set; }

    public SwitchConfig Startup { get; private set; }

    public DateTimeOffset BootedAt { get; private set; }

    /// <summary>Added to the model's ifIndex of physical ports; a restart may change it.</summary>
    public int IndexOffset { get; private set; }

    /// <summary>Rises with every restart: sessions of an earlier life end.</summary>
    public int Life { get; private set; }

    /// <summary>The session that has configuration to itself; null: none has.</summary>
    internal string? ConfigurationHolder { get; private set; }

    /// <summary>The session whose change is being tried; null: nothing is.</summary>
    internal string? TrialSession { get; private set; }

    /// <summary>Whether long answers stop after a page, where that is a setting of the switch and not of the session.</summary>
    internal bool IsPaging { get; set; } = true;

    /// <summary>What <c>enable</c> asks for.</summary>
    internal string EnableSecret { get; init; } = "";

    public bool IsUnsaved => !Running.Vlans.SetEquals(Startup.Vlans) || !Running.Ports.SequenceEqual(Startup.Ports);

    /// <summary>How this switch misbehaves at present.</summary>
    internal FaultSet Faults { get; } = new();

    /// <summary>Terminal lines in use.</summary>
    internal VtyLines Vty { get; } = new();

    /// <summary>Told the startup configuration after each save, to keep it beyond this process.</summary>
    internal Action<SwitchConfig>? Saved { get; init; }

    internal WriteLog Log => _log;

    internal TimeProvider Clock => _clock;

    public int IfIndexOf(int slot) => Model.Interfaces[slot].IfIndex + (Model.Interfaces[slot].IsPhysical ? IndexOffset : 0);

    public LinkReading ReadLink(int slot)
    {
        lock (_gate)
        {
            SettleLink(slot);
            var link = _links[slot];
            return new LinkReading(link.IsUp, link.HasEquipment, link.ChangedAt, link.InOctets, link.OutOctets);
        }
    }

    /// <summary>The configuration as the agent shows it: an agent told to lag keeps an old picture for that long.</summary>
    internal SwitchConfig ReadForAgent()
    {
        lock (_gate)
        {
            var now = _clock.GetUtcNow();
            if (_shownToAgent is not { } shown || now - _shownAt >= Faults.SnmpLag)
            {
                (shown, _shownAt) = (Running, now);
                _shownToAgent = shown;
            }

            return shown;
        }
    }

    internal void SetEquipment(int slot, bool present)
    {
        lock (_gate)
        {
            SettleLink(slot);
            _links[slot].HasEquipment = present;
            SettleLink(slot);
        }
    }

    /// <summary>Changes one port and logs the field before and after, also when they are equal: it was written.</summary>
    internal void WritePort(Origin origin, int slot, string field, Func<PortConfig, PortConfig> change, Func<PortConfig, string> shown)
    {
        lock (_gate)
        {
            SettleLink(slot);
            var before = Running.Ports[slot];
            var after = change(before);
            Running = Running.WithPort(slot, after);
            SettleLink(slot);
            LogWrite(origin, Model.Interfaces[slot].Name, field, shown(before), shown(after));
            Keep();
        }
    }

    internal void WriteVlans(Origin origin, Func<ImmutableSortedSet<int>, ImmutableSortedSet<int>> change)
    {
        lock (_gate)
        {
            var before = Running.Vlans;
            Running = Running with { Vlans = change(before) };
            LogWrite(origin, null, "vlans", VlanList.Of(before), VlanList.Of(Running.Vlans));

            // A port whose VLAN is gone falls back to the default one.
            for (var slot = 0; slot < Running.Ports.Length; slot++)
            {
                var port = Running.Ports[slot];
                if (port.DefaultVlan == 1 || Running.Vlans.Contains(port.DefaultVlan)) continue;
                Running = Running.WithPort(slot, port with { DefaultVlan = 1 });
                LogWrite(origin, Model.Interfaces[slot].Name, "defaultVlan", $"{port.DefaultVlan}", "1");
            }

            Keep();
        }
    }

    /// <summary>Puts a candidate's lines into effect at once; each is logged as the line that was typed, and then the commit.</summary>
    internal void Commit(Origin origin, IReadOnlyList<Action<SimSwitch>> edits)
    {
        lock (_gate)
        {
            foreach (var edit in edits) edit(this);
            LogWrite(origin, null, "candidate", edits.Count == 1 ? "1 line" : $"{edits.Count} lines", "committed");
        }
    }

    /// <summary>What runs now comes back by itself after <paramref name="within"/>, unless the trial is kept.</summary>
    internal void BeginTrial(Origin origin, SwitchConfig before, TimeSpan within)
    {
        lock (_gate)
        {
            _trial?.Dispose();
            TrialSession = origin.Session;
            _trial = _clock.CreateTimer(_ => EndTrial(origin, before), null, within, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>False when nothing was being tried.</summary>
    internal bool KeepTrial()
    {
        lock (_gate)
        {
            var kept = _trial is not null;
            ForgetTrial();
            return kept;
        }
    }

    private void EndTrial(Origin origin, SwitchConfig before)
    {
        lock (_gate)
        {
            if (_trial is null) return;
            ForgetTrial();
            Running = before;
            for (var slot = 0; slot < _links.Length; slot++) SettleLink(slot);
            LogWrite(origin with { Line = null, LineNumber = null }, null, "running", "trial", "rolled back");
            Keep();
        }
    }

    private void ForgetTrial()
    {
        _trial?.Dispose();
        (_trial, TrialSession) = (null, null);
    }

    /// <summary>Gives configuration to one session alone; false where another has it.</summary>
    internal bool TryHold(string session)
    {
        lock (_gate)
        {
            if (ConfigurationHolder is not null) return false;
            ConfigurationHolder = session;
            return true;
        }
    }

    internal void Release(string session)
    {
        lock (_gate)
        {
            if (ConfigurationHolder == session) ConfigurationHolder = null;
        }
    }

    /// <summary>A family that keeps every change as it is made has nothing unsaved.</summary>
    private void Keep()
    {
        if (!Family.KeepsWhatRuns) return;
        Startup = Running;
        Saved?.Invoke(Startup);
    }

    internal void Save(Origin origin)
    {
        lock (_gate)
        {
            var before = IsUnsaved ? "unsaved" : "saved";
            Startup = Running;
            Saved?.Invoke(Startup);
            LogWrite(origin, null, "startup", before, "saved");
        }
    }

    /// <summary>Starts again with the startup configuration; with <paramref name="renumber"/> physical ports get other ifIndexes.</summary>
    internal void Reboot(Origin origin, bool renumber)
    {
        lock (_gate)
        {
            var lost = IsUnsaved;
            ForgetTrial();
            Running = Family.Restarted(Startup);
            _shownToAgent = null;
            Life++;
            if (renumber) IndexOffset = (IndexOffset + 16) % 64;
            BootedAt = _clock.GetUtcNow();
            foreach (var (link, i) in _links.Select((link, i) => (link, i))) link.Reset(BootedAt, !Running.Ports[i].Shutdown && link.HasEquipment);
            _log.Append(Name, LogKind.Boot, origin, e => e with { Field = "running", Before = lost ? "unsaved" : "saved", After = "startup" });
        }

        Vty.CutAll();
    }

    private void LogWrite(Origin origin, string? port, string field, string before, string after) =>
        _log.Append(Name, LogKind.Write, origin, e => e with { Port = port, Field = field, Before = before, After = after });

    private void SettleLink(int slot)
    {
        var model = Model.Interfaces[slot];
        var config = Running.Ports[slot];
        // Between 5 and 54 % of what the port may carry, the same for the same port at all times.
        var load = (5 + ((Plan.Address.GetAddressBytes()[3] * 31) + (slot * 17)) % 50) / 100.0;
        var inRate = load * (config.Inbound?.CirKbps ?? model.SpeedMbps * 100) * 125;
        var outRate = load * (config.Outbound?.CirKbps ?? model.SpeedMbps * 100) * 125;
        _links[slot].Settle(_clock.GetUtcNow(), !config.Shutdown, _operLag, inRate, outRate);
    }
}
