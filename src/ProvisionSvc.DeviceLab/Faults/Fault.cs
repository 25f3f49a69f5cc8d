using System.Text.RegularExpressions;

namespace ProvisionSvc.DeviceLab.Faults;

/// <summary>When a session is cut, seen from the line that triggers it.</summary>
public enum DropMoment
{
    /// <summary>The line never reached the switch: no echo, no effect.</summary>
    Before,

    /// <summary>The line took effect; half of its answer gets out.</summary>
    Mid,

    /// <summary>The line took effect; nothing of its answer gets out.</summary>
    After,
}

/// <summary>
/// One way to misbehave. Those with a pattern act on terminal lines that match it: from the <c>Nth</c> match on, <c>Times</c> times
/// (0: until cleared).
/// </summary>
public abstract record Fault
{
    private Fault()
    {
    }

    /// <summary>No answer to SNMP, connections refused, sessions cut.</summary>
    public sealed record Unreachable : Fault;

    /// <summary>A black hole: connections open and stay open, nothing passes in either direction, SNMP is silent.</summary>
    public sealed record Freeze : Fault;

    /// <summary>A fault that acts on lines.</summary>
    public abstract record OnLine(Regex Pattern) : Fault
    {
        private int _seen;

        public int Nth { get; init; } = 1;

        public int Times { get; init; }

        internal bool Strikes(string line)
        {
            if (!Pattern.IsMatch(line)) return false;
            var nth = Interlocked.Increment(ref _seen);
            return nth >= Nth && (Times == 0 || nth < Nth + Times);
        }
    }

    /// <summary>Cuts the session (the TCP connection, where there is one).</summary>
    public sealed record Drop(DropMoment When, Regex Pattern) : OnLine(Pattern);

    /// <summary>Refuses the line with this text; null: in the family's words.</summary>
    public sealed record Reject(Regex Pattern, string? Text) : OnLine(Pattern);

    /// <summary>Accepts the line and does nothing.</summary>
    public sealed record Ignore(Regex Pattern) : OnLine(Pattern);

    /// <summary>Carries the line out and never answers; the connection stays open.</summary>
    public sealed record Hang(Regex Pattern) : OnLine(Pattern);

    /// <summary>Writes an asynchronous log line into the middle of the answer.</summary>
    public sealed record LogLine(Regex Pattern, string Text) : OnLine(Pattern);

    /// <summary>Carries the line out and then prints without end.</summary>
    public sealed record Flood(Regex Pattern, string Text) : OnLine(Pattern);

    /// <summary>Carries the line out and shows another prompt than the right one, once.</summary>
    public sealed record WrongPrompt(Regex Pattern, string Text) : OnLine(Pattern);

    /// <summary>Carries the line out and answers, but the prompt comes so much later.</summary>
    public sealed record LatePrompt(Regex Pattern, TimeSpan By) : OnLine(Pattern);

    /// <summary>Every byte that is printed takes this long.</summary>
    public sealed record Drip(TimeSpan PerByte) : Fault;

    /// <summary>Asks the family's question at login (about a password, a licence), where it has one.</summary>
    public sealed record AskAtLogin : Fault;

    /// <summary>The save ends with an error and the startup configuration stays what it was.</summary>
    public sealed record SaveFails(string Text) : Fault;

    /// <summary>Every line takes this long.</summary>
    public sealed record Slow(TimeSpan PerLine) : Fault;

    /// <summary>Shows another host key.</summary>
    public sealed record OtherHostKey : Fault;

    /// <summary>The agent shows a configuration up to this old.</summary>
    public sealed record SnmpLag(TimeSpan Age) : Fault;

    /// <summary>This share of SNMP requests is never answered.</summary>
    public sealed record SnmpLoss(int Percent) : Fault;

    /// <summary>Somebody is plugged in whom the switch has learnt of: an LLDP neighbour (none without a name), and MAC addresses.</summary>
    /// <param name="Capabilities">The first octet of LldpSystemCapabilitiesMap: 0x20 bridge, 0x10 access point, 0x08 router, 0x04 telephone.</param>
    public sealed record Neighbour(string IfName, string Name, byte Capabilities, int Macs) : Fault;

    /// <summary>Fewer terminal lines than the device has.</summary>
    public sealed record VtyLimit(int Lines) : Fault;
}
