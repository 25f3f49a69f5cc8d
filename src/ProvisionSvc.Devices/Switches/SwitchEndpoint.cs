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
public sealed record SwitchCredential(TerminalLogin Login, Secret ReadCommunity, Secret? WriteCommunity);
