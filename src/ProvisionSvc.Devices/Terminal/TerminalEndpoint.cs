using System.Net;
using ProvisionSvc.Core;

namespace ProvisionSvc.Devices.Terminal;

/// <summary>Where a terminal is, who logs in, and which host key it must show (<c>SHA256:base64</c>; null: none is trusted yet).</summary>
public sealed record TerminalEndpoint(string SwitchName, IPAddress Address, int Port, TerminalLogin Login, string? HostKeySha256, AccessWay? Way = null)
{
    /// <summary>What else the device knows of us and must not be heard to say.</summary>
    public IReadOnlyList<Secret> AlsoSecret { get; init; } = [];
}

/// <summary>How an address is reached where not simply by connecting to it.</summary>
/// <param name="Source">The address of ours that the connection comes from.</param>
/// <param name="Jump">The jump host that it goes through; <paramref name="Source"/> is then the address from which that is reached.</param>
public sealed record AccessWay(IPAddress? Source, TerminalEndpoint? Jump);

/// <summary>A login. A private key (OpenSSH or PEM text) is used instead of the password where there is one: one attempt, one method.</summary>
/// <param name="KeyPassphrase">What the private key is encrypted with.</param>
public sealed record TerminalLogin(string User, Secret? Password, Secret? PrivateKey = null, Secret? EnableSecret = null, Secret? KeyPassphrase = null);
