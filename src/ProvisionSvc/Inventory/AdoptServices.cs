using System.Collections.Concurrent;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Credentials;
using ProvisionSvc.Database;
using ProvisionSvc.Devices;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Inventory;

/// <summary>
/// Takes imported services over: derives what each port should be, reads what it is, shows the differences (normally none), and on request writes the intents
/// and puts the switch to <c>manage</c>. Writes to no switch.
/// </summary>
internal sealed class AdoptServices(NpgsqlDataSource dataSource, TemplateCatalog templates, CredentialStore credentials, SwitchAccess access, DraftTemplates drafts, TimeProvider clock)
{
    // Logins at once; each is a handshake on our side and a VTY on the switch's.
    private const int AtOnce = 16;

    private sealed record AdoptedPort(long PortId, PortName Name, PortIntent Intent, IReadOnlyDictionary<IntentField, string?> Expected);

    public static async Task<Results<Ok<AdoptServicesView>, ProblemHttpResult>> HandleAsync(
        Body<AdoptServicesRequest> body, ClaimsPrincipal user, AdoptServices adopt, CancellationToken ct)
    {
        if (body.Faults.Count > 0)
        {
            return Problems.Invalid(body.Faults);
        }

        var (view, fault) = await adopt.RunAsync(body.Value, Caller.Of(user), ct);
        return view is null ? Problems.Invalid([fault!]) : TypedResults.Ok(view);
    }

    private async Task<(AdoptServicesView? View, Fault? Fault)> RunAsync(AdoptServicesRequest request, Caller caller, CancellationToken ct)
    {
        List<SwitchRow> switches;
        await using (var db = await dataSource.OpenConnectionAsync(ct))
        {
            if (await UnknownAsync(db, request, ct) is { } unknown)
            {
                return (null, unknown);
            }

            switches = await db.QueryAsync(
                $"""
                 select w.id, w.name, w.address, w.snmp_port, w.ssh_port, w.host_key_sha256, w.template, w.credential, w.mode, w.admin_status_by
                 from switch w join building b on b.id = w.building_id
                 where w.mode = 'observe' and ({request.Switch} is null or w.name = {request.Switch}) and ({request.Building} is null or b.name = {request.Building})
                   and ({caller.DistrictFilter} is null or b.district = any({caller.DistrictFilter}))
                 order by w.name
                 """,
                SwitchRows.Map, ct);
        }

        var views = new ConcurrentBag<AdoptedSwitchView>();
        await Parallel.ForEachAsync(switches, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (row, token) =>
            views.Add(await SwitchAsync(row, request, caller, token)));
        return (new(request.Apply, [.. views.OrderBy(v => v.Switch, NaturalOrder.Instance)]), null);
    }

    private static async Task<Fault?> UnknownAsync(NpgsqlConnection db, AdoptServicesRequest request, CancellationToken ct)
    {
        var known = await db.FirstAsync(
            $"""
             select {request.Switch} is null or exists (select from switch where name = {request.Switch}) as switch,
                    {request.Building} is null or exists (select from building where name = {request.Building}) as building
             """,
            r => (Switch: r.Get<bool>("switch"), Building: r.Get<bool>("building")),
            ct);
        return !known.Switch ? new("unknown-switch", "switch", $"There is no switch \"{request.Switch}\".")
            : !known.Building ? new("unknown-building", "building", $"There is no building \"{request.Building}\".")
            : null;
    }

    private async Task<AdoptedSwitchView> SwitchAsync(SwitchRow row, AdoptServicesRequest request, Caller caller, CancellationToken ct)
    {
        if (templates.Find(row.Template) is not { } template)
        {
            return new(row.Endpoint.Name, 0, 0, [], false, $"Template \"{row.Template}\" is not loaded.");
        }

        if (drafts.Refusal(row.Template) is { } draft)
        {
            return new(row.Endpoint.Name, 0, 0, [], false, draft);
        }

        var ports = await PortsAsync(row, template, ct);
        try
        {
            var (credential, problem) = await credentials.OpenAsync(row.Id, ct);
            if (credential is null)
            {
                return new(row.Endpoint.Name, ports.Count, 0, [], false, problem!.Message);
            }

            // Lines of another family would be typed into it.
            access.RequireManaged(row.Endpoint);
            var (sysObjectId, sysDescr) = await access.Agents.IdentifyAsync(row.Endpoint, credential, ct);
            if (!TemplateCatalog.Fits(template, sysObjectId, sysDescr))
            {
                return new(row.Endpoint.Name, ports.Count, 0, [], false,
                    $"It is no {template.Template.Title}: it names itself {sysObjectId} \"{sysDescr[..Math.Min(80, sysDescr.Length)]}\". Correct its template in switches.csv.");
            }

            var differences = await CompareAsync(row, credential, template, ports, ct);
            var adopted = request.Apply && (differences.Count == 0 || request.AcceptDifferences);
            if (adopted)
            {
                await SaveAsync(row, ports, differences.Count, caller, ct);
            }

            return new(row.Endpoint.Name, ports.Count, ports.Count - differences.Select(d => d.IfName).Distinct().Count(), differences, adopted, null);
        }
        catch (DeviceException trouble)
        {
            return new(row.Endpoint.Name, ports.Count, 0, [], false, trouble.Message);
        }
    }

    private async Task<IReadOnlyList<AdoptedPort>> PortsAsync(SwitchRow row, LoadedTemplate template, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return [.. (await CarriedRows.OfSwitchAsync(db, row.Id, row.Endpoint.Name, ct)).Select(port =>
        {
            var intent = DeriveIntent.For(port.Name, port.Services);
            return new AdoptedPort(port.PortId, port.Name, intent, Project.Expected(template.Template, intent));
        })];
    }

    private async Task<IReadOnlyList<DifferenceView>> CompareAsync(
        SwitchRow row, SwitchCredential credential, LoadedTemplate template, IReadOnlyList<AdoptedPort> ports, CancellationToken ct)
    {
        // Logged in even where no service stands, so that a switch is never managed with a credential or host key that does not fit.
        await using var session = await access.OpenAsync(row.Endpoint, credential, template, () => { }, ct);
        var differences = new List<DifferenceView>();
        foreach (var port in ports)
        {
            var reading = await access.ReadAsync(session, row.Endpoint, credential, template, port.Name, null, ct);
            differences.AddRange(Compare.Unproven(port.Expected, reading.Reading).Select(d => new DifferenceView(port.Name.IfName, FieldNames.Of(d.Field), d.Expected, d.Seen)));
        }

        return differences;
    }

    private async Task SaveAsync(SwitchRow row, IReadOnlyList<AdoptedPort> ports, int differences, Caller caller, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        var now = clock.GetUtcNow();
        foreach (var port in ports)
        {
            await IntentRows.SaveAsync(db, port.PortId, port.Intent, port.Expected, now, ct);
        }

        await db.ExecuteAsync($"update switch set mode = 'manage' where id = {row.Id} and mode = 'observe'", ct);
        await HeldRows.ReleaseAsync(db, [row.Id], [Reasons.Observed.Code], now, ct);
        await db.WriteAuditAsync(now, caller.Name, "switch.adopt", row.Endpoint.Name, new { ports = ports.Count, differences }, ct);
        await tx.CommitAsync(ct);
    }
}
