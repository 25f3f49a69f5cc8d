using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;
using ProvisionSvc.Core;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices.Terminal;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Devices.Switches;

/// <summary>One generation of what a switch is logged in with and asked with.</summary>
public sealed record CredentialGeneration(int Number, TerminalLogin Login, AgentLogin Agent)
{
    /// <summary>Everything secret in it that a device might say back.</summary>
    public IReadOnlyList<Secret> Secrets { get; init; } = [];
}

/// <summary>Keeps book of what switches said to a credential: who may be tried, who took it, who refused.</summary>
public interface ICredentialBook
{
    /// <summary>Null: it may be tried now, and <see cref="EndAsync"/> or <see cref="Leave"/> follows; else why it is not.</summary>
    /// <param name="again">Also where the switch has refused it before: just now it has refused what it took then, so it was changed.</param>
    Task<string?> BeginAsync(Channel channel, int generation, bool again, CancellationToken ct);

    /// <summary>The attempt said nothing of the credential: the switch is away, or busy.</summary>
    void Leave(Channel channel, int generation);

    /// <summary>What became of the attempts: at most one generation took, all others of them were refused for <c>Why</c>.</summary>
    Task EndAsync(Channel channel, int? reached, IReadOnlyList<(int Generation, string Why)> refused, CancellationToken ct);

    /// <summary>Why no attempt would be made now; null where one would. Promises nothing.</summary>
    Task<string?> WhyNotAsync(Channel channel, int generation, CancellationToken ct);
}

/// <summary>
/// What one switch is logged in with and asked with: one generation, or two while they are changed (T20). Made for one piece of work; each generation is tried
/// at most once in it, the one that the switch last took first, the other only when that was refused (T19).
/// </summary>
/// <param name="generations">Oldest first.</param>
/// <param name="reached">By which generation the switch was last reached, per channel.</param>
public sealed class SwitchCredential(
    IReadOnlyList<CredentialGeneration> generations, IReadOnlyDictionary<Channel, int> reached, EnginePin? pin, ICredentialBook book)
{
    private const int ShortestDistinct = 6;

    private readonly CredentialWay<TerminalLogin> _terminal = new(
        Channel.Terminal, [.. generations.Select(g => (g.Number, g.Login))], reached.GetValueOrDefault(Channel.Terminal), _ => true, book);

    private readonly CredentialWay<AgentLogin> _agent = new(
        Channel.Snmp, [.. generations.Select(g => (g.Number, g.Agent))], reached.GetValueOrDefault(Channel.Snmp), a => a.CanBeRefused, book);

    // As text, and as a reading shows octets. The short ones could be a part of any word.
    private readonly string[] _scrubbed = [.. generations.SelectMany(g => g.Secrets).Select(s => s.Reveal()).Where(s => s.Length >= ShortestDistinct)
        .Distinct(StringComparer.Ordinal).SelectMany(s => new[] { s, Convert.ToHexString(Encoding.UTF8.GetBytes(s)) })];

    /// <summary>Everything secret in it, whichever generation a device takes.</summary>
    public IReadOnlyList<Secret> Secrets { get; } = [.. generations.SelectMany(g => g.Secrets)];

    /// <summary>Its secrets as texts, for taking them out of what a device showed; a shorter one, taken out wherever it stands, would take words with it.</summary>
    public IReadOnlyList<string> Known => _scrubbed;

    /// <summary>Opens a terminal session by what the switch takes.</summary>
    /// <exception cref="DeviceException">The switch is away, or refuses what it may be tried with.</exception>
    public Task<T> LogInAsync<T>(Func<TerminalLogin, Task<T>> logIn, CancellationToken ct) => _terminal.UseAsync(logIn, ct);

    /// <summary>Asks the switch's agent by what it answers to.</summary>
    /// <exception cref="SnmpException">As asked.</exception>
    /// <exception cref="DeviceException">Nothing may be tried.</exception>
    public Task<T> AskAsync<T>(SwitchEndpoint endpoint, Func<SnmpTarget, Task<T>> ask, CancellationToken ct) =>
        _agent.UseAsync(login => ask(login.Target(Address(endpoint), pin, writes: false)!), ct);

    /// <summary>The switch's agent as it is told to set something. Whoever writes has read before, so it is known which generation is answered.</summary>
    /// <exception cref="DeviceException">Rejected: the credential may not write.</exception>
    public SnmpTarget Writing(SwitchEndpoint endpoint) => _agent.Taken.Target(Address(endpoint), pin, writes: true)
        ?? throw new DeviceException(DeviceFault.Rejected, $"{endpoint.Name}: a SET needs a write community, and the credential has none.");

    /// <summary>Asks the switch's agent as the one who reads, and as the one who writes where that is another.</summary>
    public Task<T> AskTwiceAsync<T>(SwitchEndpoint endpoint, Func<SnmpTarget, Task<T>> ask, CancellationToken ct) => _agent.UseAsync(
        async login =>
        {
            var answer = await ask(login.Target(Address(endpoint), pin, writes: false)!);
            return login.HasWriter ? await ask(login.Target(Address(endpoint), pin, writes: true)!) : answer;
        },
        ct);

    /// <summary>Why nothing would be tried on this switch at all; null where something would.</summary>
    public async Task<string?> WhyNotAsync(CancellationToken ct) => await _terminal.WhyNotAsync(ct) ?? await _agent.WhyNotAsync(ct);

    /// <summary>What a device said, without the secrets that we gave to it: whatever it shows, nothing of them is kept or shown.</summary>
    [return: NotNullIfNotNull(nameof(said))]
    public string? Scrub(string? said)
    {
        if (said is { Length: >= ShortestDistinct })
        {
            foreach (var secret in _scrubbed)
            {
                said = said.Replace(secret, "***", StringComparison.Ordinal);
            }
        }

        return said;
    }

    /// <summary>Without anything secret.</summary>
    public override string ToString() => $"generations {string.Join(", ", generations.Select(g => g.Number))}";

    private static IPEndPoint Address(SwitchEndpoint endpoint) => new(endpoint.Address, endpoint.SnmpPort);
}
