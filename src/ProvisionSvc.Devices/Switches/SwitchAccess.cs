using System.Net;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Devices.Terminal;

namespace ProvisionSvc.Devices.Switches;

/// <summary>The one way to a switch: nothing outside the management prefixes is ever contacted (T11).</summary>
public sealed class SwitchAccess(ITerminalConnector terminals, AgentPorts agents, IReadOnlyList<IPNetwork> managementPrefixes, AccessRules rules, TimeProvider clock)
{
    private readonly SwitchLines _lines = new(clock);

    public AgentPorts Agents => agents;

    /// <summary>Logs in; where the family has no terminal, the session is one in which nothing can be typed.</summary>
    /// <exception cref="DeviceException">The switch is outside the prefixes, away, refuses us, or has no session to spare.</exception>
    public async Task<SwitchSession> OpenAsync(
        SwitchEndpoint endpoint, SwitchCredential credential, LoadedTemplate template, Action beforeLine, CancellationToken ct)
    {
        RequireManaged(endpoint);
        if (template.Dialect is not { } dialect)
        {
            return new(new NoTerminal(endpoint.Name), template, beforeLine);
        }

        var line = await _lines.TakeAsync(endpoint.Name, ct);
        try
        {
            return new(await terminals.OpenAsync(endpoint.Terminal(credential.Login, await rules.WayToAsync(endpoint.Address, ct)), dialect, ct), template, beforeLine) { Line = line };
        }
        catch (Exception failed)
        {
            if (failed is DeviceException { Fault: DeviceFault.SessionLimit })
            {
                _lines.Full(endpoint.Name);
            }

            line.Dispose();
            throw;
        }
    }

    /// <summary>The host key that the switch shows now, without any attempt to log in.</summary>
    public async Task<string> ReadHostKeyAsync(SwitchEndpoint endpoint, CancellationToken ct)
    {
        RequireManaged(endpoint);
        return await terminals.ReadHostKeyAsync(new(endpoint.Address, endpoint.SshPort), await rules.WayToAsync(endpoint.Address, ct), ct);
    }

    /// <summary>
    /// A port by both channels: what the terminal can show, and from the agent what only it can show. The other channel's word counts where it must verify.
    /// </summary>
    public async Task<AgentReading> ReadAsync(
        SwitchSession session, SwitchEndpoint endpoint, SwitchCredential credential, LoadedTemplate template, PortName port, long? ifIndex, CancellationToken ct)
    {
        RequireManaged(endpoint);
        var typed = await session.ReadAsync(port, ct);
        var asked = await agents.ReadAsync(endpoint, credential.ReadCommunity, template.Template, port, ifIndex, ct);
        var onlyAsked = asked.Reading.Values.Where(v => template.Template.Fields.TryGetValue(v.Key, out var how) && how.Read is null);
        return asked with { Reading = typed.With(new(onlyAsked.ToDictionary(), asked.Reading.OperStatus)) };
    }

    public bool IsManaged(IPAddress address) => managementPrefixes.Any(p => p.Contains(address));

    /// <exception cref="DeviceException">The address lies outside the management prefixes.</exception>
    public void RequireManaged(SwitchEndpoint endpoint)
    {
        if (!IsManaged(endpoint.Address))
        {
            throw new DeviceException(DeviceFault.Protocol,
                $"{endpoint.Name} at {endpoint.Address} is outside the management prefixes ({string.Join(", ", managementPrefixes)}); correct its address, or add its network to Provision:ManagementPrefixes.");
        }
    }
}
