using System.Net;
using ProvisionSvc.Devices.Terminal;

namespace ProvisionSvc.Devices.Switches;

/// <summary>Where a switch is and which host key it must show.</summary>
public sealed record SwitchEndpoint(string Name, IPAddress Address, int SnmpPort, int SshPort, string? HostKeySha256)
{
    public TerminalEndpoint Terminal(TerminalLogin login, AccessWay? way) => new(Name, Address, SshPort, login, HostKeySha256, way);
}
