using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Database;
using ProvisionSvc.Devices;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Orders;

/// <summary>What would be typed to make a port what it should be, and what would take that back. The port is read now; nothing is written.</summary>
internal static class PlanPort
{
    public static async Task<Results<Ok<PortPlanView>, ProblemHttpResult>> HandleAsync(
        string name, string ifName, ClaimsPrincipal user, NpgsqlDataSource dataSource, PlanLive live, CancellationToken ct)
    {
        // Load. A path's segment keeps its slashes encoded.
        var port = new PortName(name, Uri.UnescapeDataString(ifName));
        if (await FindAsync(dataSource, port, Caller.Of(user).DistrictFilter, ct) is not { } row)
        {
            return Problems.NotFound("port", port.ToString());
        }

        if (row.Intent is not { } intent)
        {
            return Problems.Conflict("no-intent", $"Nothing says what {port} should be: no line was ever ordered or adopted on it. Try an order on it with dryRun=true.");
        }

        // Decide
        try
        {
            return await live.RunAsync(port, row.Role, intent, ct) switch
            {
                PlanOutcome.Planned(var plan) => TypedResults.Ok(new PortPlanView(row.Version, PlanRows.Of(plan), PlanRows.OfReverse(plan), Gates.Stop(row.Mode, row.Locked)?.English)),
                PlanOutcome.Refused(var reasons) => Problems.Invalid([.. reasons.Select(r => new Fault("plan-refused", "ifName", r))]),
                var other => throw new InvalidOperationException($"{other} is no outcome of a plan."),
            };
        }
        catch (DeviceException away)
        {
            return Problems.Of(StatusCodes.Status502BadGateway, "switch-unreachable", away.Message);
        }
    }

    private sealed record PlannedPort(PortRole Role, SwitchMode Mode, bool Locked, int Version, PortIntent? Intent);

    private static async Task<PlannedPort?> FindAsync(NpgsqlDataSource dataSource, PortName port, int[]? districts, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await db.FirstAsync(
            $"""
             select p.role, w.mode, coalesce(l.locked_reason is not null, false) as locked, i.version,
                    i.admin_status, i.access_vlan, i.allowed_vlans, i.native_vlan, i.own_vlans, i.rate_down_kbps, i.rate_up_kbps, i.alias, i.rates_elsewhere
             from port p
             join switch w on w.id = p.switch_id
             join building b on b.id = w.building_id
             left join lane l on l.switch_id = w.id
             left join port_intent i on i.port_id = p.id
             where w.name = {port.Switch} and p.if_name = {port.IfName} and ({districts}::int[] is null or b.district = any({districts}))
             """,
            r => new PlannedPort(
                r.Get<PortRole>("role"), r.Get<SwitchMode>("mode"), r.Get<bool>("locked"), r.Get<int?>("version") ?? 0,
                r.Get<int?>("version") is null ? null : IntentRows.Map(r)),
            ct);
    }
}
