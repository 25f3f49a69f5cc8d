using System.ComponentModel.DataAnnotations;
using System.Net;

namespace ProvisionSvc.Snmp;

/// <summary>A trap or inform in the form of v2 (RFC 3416 §4.2.6), v1 traps mapped to it (RFC 3584 §3.1). A hint and no more: anybody can send one (reliability T3).</summary>
/// <param name="TrapOid">What happened (snmpTrapOID).</param>
/// <param name="UpTime">The sender's sysUpTime.</param>
/// <param name="VarBinds">Everything behind these two.</param>
public sealed record SnmpNotification(IPEndPoint From, SnmpVersion Version, Oid TrapOid, TimeSpan UpTime, IReadOnlyList<VarBind> VarBinds)
{
    /// <summary>The sender waited for an answer, and was given it.</summary>
    public bool IsInform { get; init; }

    /// <summary>v3: who sent it, proven unless the level is noAuthNoPriv.</summary>
    public UsmUser? User { get; init; }
}

/// <summary>What a notification receiver listens to, and what bounds it.</summary>
public sealed class SnmpNotificationOptions
{
    /// <summary>The port notifications are sent to (RFC 3417 §3.1).</summary>
    public const int DefaultPort = 162;

    public IPEndPoint EndPoint { get; set; } = new(IPAddress.Any, DefaultPort);

    /// <summary>The receive buffer asked for, in octets; the kernel may grant less.</summary>
    [Range(4_096, 1 << 28)]
    public int ReceiveBuffer { get; set; } = 4 << 20;

    /// <summary>Communities that are heard; empty: every one. A community proves nothing.</summary>
    public IReadOnlyList<string> Communities { get; set; } = [];

    /// <summary>v3 users that are heard, at exactly their level.</summary>
    public IReadOnlyList<UsmUser> Users { get; set; } = [];

    /// <summary>Whose datagrams are looked at, by address: those of the inventory. Null: everybody's. Must be quick.</summary>
    public Func<IPAddress, bool>? IsKnown { get; set; }

    /// <summary>This receiver's engine id, to which v3 informs are addressed; empty: made at random, so that senders find a new engine after each start.</summary>
    public ReadOnlyMemory<byte> EngineId { get; set; }

    /// <summary>How often this engine has started; must rise with every start when the engine id stays.</summary>
    [Range(1, int.MaxValue - 1)]
    public int EngineBoots { get; set; } = 1;

    /// <summary>Notifications kept for a consumer that is behind, over all sources.</summary>
    [Range(1, 10_000_000)]
    public int QueueLength { get; set; } = 10_000;

    /// <summary>Notifications kept per source; the oldest makes room.</summary>
    [Range(1, 1_000_000)]
    public int QueueLengthPerSource { get; set; } = 100;

    /// <summary>Datagrams per second that a source may send in the long run; what exceeds it is not even decoded.</summary>
    [Range(0.001, 1_000_000)]
    public double RatePerSource { get; set; } = 50;

    /// <summary>Datagrams a source may send at once.</summary>
    [Range(1, 1_000_000)]
    public int BurstPerSource { get; set; } = 200;

    /// <summary>Sources remembered; beyond that the longest silent are forgotten, and of a flood of made-up ones the newest are not heard.</summary>
    [Range(1, 10_000_000)]
    public int MaxSources { get; set; } = 16_384;
}

/// <summary>What a receiver has done since it was made; everything dropped has its counter.</summary>
public readonly record struct SnmpNotificationStatistics
{
    public long Received { get; init; }

    /// <summary>Put into the queue.</summary>
    public long Accepted { get; init; }

    public long Malformed { get; init; }

    /// <summary>Another community, user or level than is heard, or no proof of it.</summary>
    public long NotAuthentic { get; init; }

    public long UnknownSource { get; init; }

    /// <summary>More than a source may send.</summary>
    public long RateLimited { get; init; }

    /// <summary>Accepted, then pushed out by a newer one of the same source.</summary>
    public long Overwritten { get; init; }

    /// <summary>Sources there was no room to remember.</summary>
    public long TooManySources { get; init; }

    public long InformsAnswered { get; init; }
}
