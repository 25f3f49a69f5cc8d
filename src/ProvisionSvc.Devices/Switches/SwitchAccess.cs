using System.Net;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Devices.Terminal;

namespace ProvisionSvc.Devices.Switches;

/// <summary>The one way to a switch: nothing outside the management prefixes is ever contacted (T11).</summary>
/// <param name="signs">What makes a port an uplink that nobody called one; null: nobody looks.</param>
public sealed class SwitchAccess(
    ITerminalConnector terminals, AgentPorts agents, IReadOnlyList<IPNetwork> managementPrefixes, AccessRules rules, TimeProvider clock,
    AgentNeighbours? neighbours = null, UplinkSigns? signs = null)
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
            var way = await rules.WayToAsync(endpoint.Address, ct);
            var terminal = await credential.LogInAsync(login => terminals.OpenAsync(endpoint.Terminal(login, way) with { AlsoSecret = credential.Secrets }, dialect, ct), ct);
            return new(terminal, template, beforeLine) { Line = line };
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
        var asked = await agents.ReadAsync(endpoint, credential, template.Template, port, ifIndex, ct);
        return asked with { Reading = Both(template.Template, typed, asked.Reading) };
    }

    /// <summary>What the terminal showed, with what only the agent can show.</summary>
    public static PortReading Both(DeviceTemplate template, PortReading typed, PortReading asked) =>
        typed.With(new(asked.Values.Where(v => template.Fields.TryGetValue(v.Key, out var how) && how.Read is null).ToDictionary(), asked.OperStatus));

    /// <summary>
    /// What would make the port as it is now what it should be. Where that is anything at all, those behind the port are asked first: an uplink is never written,
    /// whatever the inventory calls it (T9). A session asks once for all its ports.
    /// </summary>
    /// <exception cref="DeviceException">The switch cannot be read.</exception>
    public async Task<LivePlan> PlanAsync(
        SwitchSession session, SwitchEndpoint endpoint, SwitchCredential credential, LoadedTemplate template,
        PortName port, PortRole role, PortIntent intent, long? ifIndex, Channel writeBy, CancellationToken ct)
    {
        var read = await ReadAsync(session, endpoint, credential, template, port, ifIndex, ct);
        var outcome = MakePlan.For(template.Template, port, role, intent, read.Reading, writeBy);
        if (signs is null || neighbours is null || outcome is PlanOutcome.Planned { Plan.IsEmpty: true })
        {
            return new(outcome, read);
        }

        session.Neighbours ??= await neighbours.ReadAsync(endpoint, credential, ct);
        var refusals = signs.Of(session.Neighbours.GetValueOrDefault(port.IfName, PortNeighbours.Nobody)).ToList();
        return refusals.Count == 0
            ? new(outcome, read)
            : new(MakePlan.For(template.Template, port, role, intent, read.Reading.With(PortReading.Nothing with { Refusals = refusals }), writeBy), read);
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

/// <summary>A plan, or why there is none, with what it was made from.</summary>
public sealed record LivePlan(PlanOutcome Outcome, AgentReading Read);
