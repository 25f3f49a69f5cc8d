using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Devices;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Hosting;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Templates;

/// <summary>
/// Makes a sample of a live switch: how its agent names it and its ports, and what it answers to the template's reads. Private text and secrets are
/// replaced before anything leaves the service, and the sample is checked before it is handed out.
/// </summary>
internal sealed class RecordSample(
    TemplateBench bench, TemplateDirectory directory, SwitchAccess access, ISnmpClient client, IOptions<TemplateOptions> options, TimeProvider clock)
{
    // What the system group tells of a switch, without its time.
    private static readonly Oid[] Identity =
        [SystemMib.SysDescr, SystemMib.SysObjectId, Oid.Parse("1.3.6.1.2.1.1.4.0"), SystemMib.SysName, Oid.Parse("1.3.6.1.2.1.1.6.0")];

    public static async Task<Results<Ok<RecordedSampleView>, ProblemHttpResult>> HandleAsync(
        string name, Body<RecordSampleRequest> body, ClaimsPrincipal user, RecordSample record, CancellationToken ct)
    {
        if (body.Faults.Count > 0)
        {
            return Problems.Invalid(body.Faults);
        }

        if (body.Value.IfNames is { } ports && (ports.Count == 0 || ports.Count > record._options.MaxPorts))
        {
            return Problems.Invalid([new Fault("invalid-ports", "ifNames", $"Name 1 to {record._options.MaxPorts} ports, or none.")]);
        }

        try
        {
            var (view, problem) = await record.Bench.RunAsync(
                name, body.Value.Template, Caller.Of(user), "template.record", (at, token) => record.RunAsync(at, body.Value.IfNames, token), ct);
            return problem is null ? TypedResults.Ok(view!) : problem.Answer;
        }
        catch (DeviceException away)
        {
            return Problems.Of(StatusCodes.Status502BadGateway, "switch-unreachable", away.Message);
        }
        catch (SnmpException silent)
        {
            return Problems.Of(StatusCodes.Status502BadGateway, "switch-unreachable", $"{name}: {silent.Message}");
        }
    }

    private readonly TemplateOptions _options = options.Value;

    private TemplateBench Bench => bench;

    private async Task<RecordedSampleView> RunAsync(BenchSwitch at, IReadOnlyList<string>? ifNames, CancellationToken ct)
    {
        var walk = await WalkAsync(at, ct);
        await using var session = await access.OpenAsync(at.Row.Endpoint, at.Credential, at.Template, at.Lane.RequireHeld, ct);
        var ports = new List<(string, IReadOnlyDictionary<string, string>)>();
        foreach (var port in Chosen(at, ifNames))
        {
            ports.Add((port, at.Template.Dialect is null ? new Dictionary<string, string>() : await session.ReadOutputsAsync(new PortName(at.Row.Endpoint.Name, port), ct)));
        }

        var recorded = new RecordedSwitch(walk, session.Host, session.Transcript, ports);
        var (files, notes) = WriteSample.From(at.Template, recorded, at.Credential.Known, $"recorded from a switch of the network, {clock.GetUtcNow():yyyy-MM-dd}");
        var faults = TemplateSample.Check(at.Template, "recorded", files);
        return new(at.Row.Endpoint.Name, at.Template.Name, files, notes, [.. faults.Select(CheckTemplates.View)]);
    }

    /// <summary>The identity, and the columns that every sweep reads, with the way from ifIndex to base port.</summary>
    private Task<IReadOnlyList<VarBind>> WalkAsync(BenchSwitch at, CancellationToken ct) => at.Credential.AskAsync(at.Row.Endpoint, target => WalkAsync(target, ct), ct);

    private async Task<IReadOnlyList<VarBind>> WalkAsync(SnmpTarget target, CancellationToken ct)
    {
        var variables = new List<VarBind>(await client.GetAsync(target, Identity, ct));
        foreach (var column in directory.Columns().Where(c => c.Type != ColumnType.Counter).Select(c => Oid.Parse(c.Oid)).Append(BridgeMib.Dot1dBasePortIfIndex))
        {
            variables.AddRange((await client.WalkAsync(target, column, SnmpReadLimits.Default, ct)).VarBinds);
        }

        return [.. variables.OrderBy(v => v.Oid)];
    }

    /// <summary>The named ones, or of each kind that orders meet one: lit, free, uplink.</summary>
    private static IEnumerable<string> Chosen(BenchSwitch at, IReadOnlyList<string>? ifNames)
    {
        var able = at.Ports.Where(p => at.Template.Template.PortPattern.IsMatch(p.Name.IfName)).ToList();
        return ifNames ?? (IEnumerable<string>)[.. new[]
        {
            able.Find(p => p.Role == PortRole.Customer && p.Lit), able.Find(p => p.Role == PortRole.Customer && !p.Lit), able.Find(p => p.Role == PortRole.Uplink),
        }.OfType<BenchPort>().Select(p => p.Name.IfName)];
    }
}
