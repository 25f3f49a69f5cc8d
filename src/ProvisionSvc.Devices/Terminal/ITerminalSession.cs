using System.Net;

namespace ProvisionSvc.Devices.Terminal;

/// <summary>Opens terminal sessions. A host key that is not pinned, or another one, is refused before any authentication.</summary>
public interface ITerminalConnector
{
    /// <summary>Connects, checks the host key, logs in and stands at the prompt. Every failure is a <see cref="DeviceException"/>.</summary>
    Task<ITerminalSession> OpenAsync(TerminalEndpoint endpoint, TerminalDialect dialect, CancellationToken ct);

    /// <summary>Reads the device's host key as <c>SHA256:base64</c> without any attempt to authenticate.</summary>
    Task<string> ReadHostKeyAsync(IPEndPoint device, AccessWay? way, CancellationToken ct);
}

/// <summary>How many sessions a device has, and how many of them are taken, as it said when one of ours began.</summary>
public sealed record VtyLines(int Max, int Used)
{
    public bool AreAllTaken => Used >= Max;
}

/// <summary>
/// One login on one device. Disposing logs out cleanly wherever the device stands at its prompt, or comes back to it within a second; it takes at most about three.
/// </summary>
public interface ITerminalSession : IAsyncDisposable
{
    string SwitchName { get; }

    /// <summary>Our TCP port; the journal holds it, so that a device-side log can be matched with a session.</summary>
    int LocalPort { get; }

    /// <summary>The hostname in the prompt, learnt at login; empty where the prompt has none.</summary>
    string Host { get; }

    /// <summary>What the device said before its first prompt, cleaned.</summary>
    string Banner { get; }

    /// <summary>How many sessions the device had at our login, where it says so.</summary>
    VtyLines? Lines => null;

    /// <summary>The prompt that ended the newest answer; null where there is none to show.</summary>
    string? Prompt => null;

    /// <summary>The conversation so far, cleaned, without secrets, the newest part of it where it is long.</summary>
    string Transcript { get; }

    /// <summary>How much has been said, to ask with for what is said from now on.</summary>
    long TranscriptLength => Transcript.Length;

    /// <summary>The conversation since <see cref="TranscriptLength"/> was this.</summary>
    string TranscriptFrom(long place) => Transcript[(int)Math.Min(place, Transcript.Length)..];

    /// <summary>
    /// Sends one line, once, and waits for its answer. After <see cref="LineResult.Unknown"/> (and after a cancellation) the session is dead: later
    /// calls send nothing and answer Unknown. A line with anything but printable ASCII is refused with <see cref="ArgumentException"/>.
    /// </summary>
    Task<LineResult> SendAsync(string line, CancellationToken ct, TimeSpan? deadline = null, IReadOnlyList<Dialogue>? dialogues = null);
}

/// <summary>What became of a line.</summary>
public abstract record LineResult
{
    private LineResult(string output) => Output = output;

    /// <summary>The cleaned answer between the echo of the line and the prompt.</summary>
    public string Output { get; }

    /// <summary>The device took the line.</summary>
    public sealed record Confirmed(string Output) : LineResult(Output);

    /// <summary>The device refused the line, with the line of output that said so.</summary>
    public sealed record Rejected(string Output, string Reason) : LineResult(Output);

    /// <summary>Nobody knows whether the line had an effect: open a new session and read back; never send it again blindly.</summary>
    public sealed record Unknown(string Output, string Why) : LineResult(Output);
}
