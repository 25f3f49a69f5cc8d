using System.Diagnostics.Metrics;

namespace ProvisionSvc.Snmp;

/// <summary>Why a datagram that arrived was thrown away.</summary>
internal enum DropReason
{
    Malformed,
    NotAResponse,

    /// <summary>No request waits for this id: late, a duplicate, or made up.</summary>
    Unmatched,
    WrongSource,
    WrongCommunity,

    /// <summary>v3: another engine, user, level or context than asked for, a downgrade among them.</summary>
    WrongSecurity,

    /// <summary>v3: the HMAC is wrong or has another length.</summary>
    WrongDigest,

    /// <summary>v3: proven, but old (RFC 3414 §3.2 (7) b): a replay, or a clock that jumped.</summary>
    NotInTimeWindow,

    /// <summary>v3: a Report that nobody proved and that nothing follows from.</summary>
    UnprovenReport,
}

/// <summary>What one client has done since it was made.</summary>
public readonly record struct SnmpStatistics(long Requests, long Retries, long Timeouts, long Malformed, long Unmatched, long WrongSource, long WrongCommunity)
{
    /// <summary>v3 messages of another engine, user or level than asked, a wrong HMAC, outside the time window, or Reports that nobody proved.</summary>
    public long NotAuthentic { get; init; }

    public long Dropped => Malformed + Unmatched + WrongSource + WrongCommunity + NotAuthentic;
}

/// <summary>Counts for one client and for the process's meter <c>ProvisionSvc.Snmp</c>.</summary>
internal sealed class SnmpCounters
{
    public const string MeterName = "ProvisionSvc.Snmp";
    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Requests = Meter.CreateCounter<long>("snmp.requests", "{request}", "Questions put to agents, by PDU type");
    private static readonly Counter<long> Retries = Meter.CreateCounter<long>("snmp.retries", "{attempt}", "Attempts after the first");
    private static readonly Counter<long> Timeouts = Meter.CreateCounter<long>("snmp.timeouts", "{request}", "Questions that no attempt got an answer to");
    private static readonly Counter<long> Refusals = Meter.CreateCounter<long>("snmp.refusals", "{answer}", "Answers with an error status, by status");
    private static readonly Counter<long> Drops = Meter.CreateCounter<long>("snmp.datagrams.dropped", "{datagram}", "Datagrams thrown away, by reason");
    private static readonly UpDownCounter<long> InFlight = Meter.CreateUpDownCounter<long>("snmp.requests.active", "{request}", "Questions under way");
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("snmp.request.duration", "s", "From the first attempt to the answer");

    // Made once: counting allocates nothing, and an agent cannot invent label values.
    private static readonly KeyValuePair<string, object?>[] PduTags = Tags("pdu", PduType.Report - PduType.Get, number => (PduType.Get + (byte)number).ToString());
    private static readonly KeyValuePair<string, object?>[] StatusTags = Tags("status", (int)SnmpErrorStatus.InconsistentName, number => ((SnmpErrorStatus)number).ToString());
    private static readonly KeyValuePair<string, object?>[] ReasonTags = Tags("reason", (int)DropReason.UnprovenReport, number => ((DropReason)number).ToString());

    private readonly long[] _dropped = new long[ReasonTags.Length];
    private long _requests;
    private long _retries;
    private long _timeouts;

    public SnmpStatistics Snapshot() => new(
        Interlocked.Read(ref _requests), Interlocked.Read(ref _retries), Interlocked.Read(ref _timeouts),
        Read(DropReason.Malformed), Read(DropReason.Unmatched) + Read(DropReason.NotAResponse), Read(DropReason.WrongSource), Read(DropReason.WrongCommunity))
    {
        NotAuthentic = Read(DropReason.WrongSecurity) + Read(DropReason.WrongDigest) + Read(DropReason.NotInTimeWindow) + Read(DropReason.UnprovenReport),
    };

    public void Started(PduType type)
    {
        Interlocked.Increment(ref _requests);
        InFlight.Add(1);
        Requests.Add(1, PduTags[type - PduType.Get]);
    }

    public void Ended() => InFlight.Add(-1);

    public void Retried()
    {
        Interlocked.Increment(ref _retries);
        Retries.Add(1);
    }

    public void TimedOut()
    {
        Interlocked.Increment(ref _timeouts);
        Timeouts.Add(1);
    }

    public void Answered(PduType type, SnmpErrorStatus status, TimeSpan elapsed)
    {
        Duration.Record(elapsed.TotalSeconds, PduTags[type - PduType.Get]);
        if (status != SnmpErrorStatus.NoError)
        {
            Refusals.Add(1, StatusTags[(uint)status < (uint)StatusTags.Length ? (int)status : (int)SnmpErrorStatus.GenErr]);
        }
    }

    public void Dropped(DropReason reason)
    {
        Interlocked.Increment(ref _dropped[(int)reason]);
        Drops.Add(1, ReasonTags[(int)reason]);
    }

    private long Read(DropReason reason) => Interlocked.Read(ref _dropped[(int)reason]);

    private static KeyValuePair<string, object?>[] Tags(string label, int last, Func<int, string> name)
    {
        var tags = new KeyValuePair<string, object?>[last + 1];
        for (var number = 0; number <= last; number++)
        {
            tags[number] = new(label, name(number));
        }

        return tags;
    }
}
