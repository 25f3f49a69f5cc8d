using System.Net;

namespace ProvisionSvc.Snmp;

/// <summary>One agent and how to speak with it.</summary>
public sealed record SnmpTarget(IPEndPoint EndPoint)
{
    /// <summary>The port agents listen on (RFC 3417 §3.1).</summary>
    public const int DefaultPort = 161;

    /// <summary>V3 as soon as there is a <see cref="Security"/>.</summary>
    public SnmpVersion Version
    {
        get => Security is null ? field : SnmpVersion.V3;
        init => field = value != SnmpVersion.V3 ? value : throw new ArgumentException("v3 is spoken by giving Security.", nameof(value));
    } = SnmpVersion.V2c;

    /// <summary>How to speak v3; without it v1 or v2c is spoken. Its passwords are never printed.</summary>
    public SnmpV3Security? Security { get; init; }

    /// <summary>The password of v1 and v2c, sent as UTF-8. It is never printed.</summary>
    public string Community { get; init; } = "public";

    /// <summary>How long the first attempt waits; each further one waits twice as long as the one before, plus up to a quarter at random.</summary>
    public TimeSpan Timeout { get; init => field = Positive(value, nameof(Timeout)); } = TimeSpan.FromSeconds(1);

    /// <summary>No attempt waits longer than this (before the random quarter).</summary>
    public TimeSpan MaxTimeout { get; init => field = Positive(value, nameof(MaxTimeout)); } = TimeSpan.FromSeconds(5);

    /// <summary>How often a question is asked again after the first time.</summary>
    public int Retries { get; init => field = AtLeast(0, value, nameof(Retries)); } = 3;

    /// <summary>How often a SET is sent again after the first time. 0 unless the caller knows that doing it twice does no harm.</summary>
    public int SetRetries { get; init => field = AtLeast(0, value, nameof(SetRetries)); }

    /// <summary>The most rows asked for in one GETBULK. The engine asks for fewer where the answers are large.</summary>
    public int MaxRepetitions { get; init => field = AtLeast(1, value, nameof(MaxRepetitions)); } = 50;

    /// <summary>Without the community and the passwords.</summary>
    public override string ToString() => Security is null ? $"{EndPoint} ({Version})" : $"{EndPoint} ({Version} as {Security.User.Name})";

    private static TimeSpan Positive(TimeSpan value, string name) =>
        value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(name, value, "A timeout is longer than nothing.");

    private static int AtLeast(int least, int value, string name) =>
        value >= least ? value : throw new ArgumentOutOfRangeException(name, value, $"At least {least}.");
}
