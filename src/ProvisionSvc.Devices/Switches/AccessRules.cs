using System.Net;
using ProvisionSvc.Devices.Terminal;

namespace ProvisionSvc.Devices.Switches;

/// <summary>How the switches of one management prefix are reached.</summary>
public sealed record AccessRule(IPNetwork Prefix, IPAddress? Source, JumpHost? Jump);

/// <summary>A host that sessions go through; its key is pinned, and its credential has a name.</summary>
public sealed record JumpHost(IPEndPoint Address, string HostKeySha256, string Credential);

/// <summary>The ways to switches by management prefix; of several that hold an address the longest counts.</summary>
/// <param name="login">Opens a credential by name, or says why it cannot.</param>
public sealed class AccessRules(IReadOnlyList<AccessRule> rules, Func<string, CancellationToken, Task<(TerminalLogin? Login, string? Problem)>> login)
{
    /// <summary>Every switch is simply connected to.</summary>
    public static AccessRules None { get; } = new([], (_, _) => Task.FromResult<(TerminalLogin?, string?)>(default));

    /// <summary>The addresses of ours that any rule names.</summary>
    public IEnumerable<IPAddress> Sources => rules.Select(r => r.Source).OfType<IPAddress>().Distinct();

    public AccessRule? For(IPAddress address) => rules.Where(r => r.Prefix.Contains(address)).MaxBy(r => r.Prefix.PrefixLength);

    /// <exception cref="DeviceException">The jump host's credential cannot be opened.</exception>
    public async Task<AccessWay?> WayToAsync(IPAddress address, CancellationToken ct)
    {
        if (For(address) is not { } rule)
        {
            return null;
        }

        if (rule.Jump is not { } jump)
        {
            return new(rule.Source, null);
        }

        var (found, problem) = await login(jump.Credential, ct);
        return found is null
            ? throw new DeviceException(DeviceFault.AuthenticationFailed, $"The jump host {jump.Address} on the way to {address}: {problem}")
            : new(rule.Source, new TerminalEndpoint($"jump host on the way to {address}", jump.Address.Address, jump.Address.Port, found, jump.HostKeySha256));
    }
}
