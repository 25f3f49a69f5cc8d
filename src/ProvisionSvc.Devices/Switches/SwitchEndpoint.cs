using System.Net;
using ProvisionSvc.Core;
using ProvisionSvc.Devices.Terminal;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Devices.Switches;

/// <summary>Where a switch is and which host key it must show.</summary>
public sealed record SwitchEndpoint(string Name, IPAddress Address, int SnmpPort, int SshPort, string? HostKeySha256)
{
    public TerminalEndpoint Terminal(TerminalLogin login, AccessWay? way) => new(Name, Address, SshPort, login, HostKeySha256, way);

    public SnmpTarget Agent(Secret community) => new(new IPEndPoint(Address, SnmpPort)) { Community = community.Reveal() };
}

/// <summary>What a switch is logged in with and asked with.</summary>
public sealed record SwitchCredential(TerminalLogin Login, Secret ReadCommunity, Secret? WriteCommunity)
{
    // A shorter text, taken out wherever it stands, would take words with it.
    private const int ShortestKnown = 6;

    /// <summary>Its secrets as texts, for taking them out of what a device showed.</summary>
    public IReadOnlyList<string> Known =>
        [.. new[] { Login.Password, Login.EnableSecret, ReadCommunity, WriteCommunity }.OfType<Secret>().Select(s => s.Reveal()).Where(s => s.Length >= ShortestKnown)];
}
