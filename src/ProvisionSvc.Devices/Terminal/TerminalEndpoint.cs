using System.Net;
using ProvisionSvc.Core;

namespace ProvisionSvc.Devices.Terminal;

/// <summary>Where a switch's terminal is, who logs in, and which host key it must show (<c>SHA256:base64</c>; null: none is trusted yet).</summary>
public sealed record TerminalEndpoint(string SwitchName, IPAddress Address, int Port, TerminalLogin Login, string? HostKeySha256, IPAddress? Source = null)
{
    /// <summary>What else the device knows of us and must not be heard to say.</summary>
    public IReadOnlyList<Secret> AlsoSecret { get; init; } = [];
}

/// <summary>A login. A private key (OpenSSH or PEM text) is used instead of the password where there is one: one attempt, one method.</summary>
/// <param name="KeyPassphrase">What the private key is encrypted with.</param>
public sealed record TerminalLogin(string User, Secret? Password, Secret? PrivateKey = null, Secret? EnableSecret = null, Secret? KeyPassphrase = null);
