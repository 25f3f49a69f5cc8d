using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Inventory;

/// <summary>How far the service may go with a switch: observe, manage, or maintenance with an end.</summary>
internal static class SetSwitchMode
{
    public static async Task<Results<Ok<SwitchView>, ProblemHttpResult>> HandleAsync(
        string name, Body<SetSwitchModeRequest> body, ClaimsPrincipal user, HttpRequest http, NpgsqlDataSource dataSource, DraftTemplates drafts, TimeProvider clock, CancellationToken ct)
    {
        if (body.Faults.Count > 0)
        {
            return Problems.Invalid(body.Faults);
        }

        var (now, caller) = (clock.GetUtcNow(), Caller.Of(user));
        var (mode, faults) = Parse(body.Value, now);
        if (faults.Count > 0)
        {
            return Problems.Invalid(faults);
        }

        // Load
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        if (await FindAsync(db, name, caller, ct) is not { } found)
        {
            return Problems.NotFound("switch", name);
        }

        if (await ViewSwitches.ViewAsync(db, name, caller, ct) is { } seen && ETags.Mismatch(http, $"Switch {name}", ViewSwitches.Settled(seen)) is { } changed)
        {
            return changed;
        }

        // Decide
        if (mode == SwitchMode.Manage && drafts.Refusal(found.Template) is { } draft)
        {
            return Problems.Conflict("template-is-a-draft", draft);
        }

        if (mode == SwitchMode.Manage && found.NotAdopted > 0)
        {
            return Problems.Conflict("services-not-adopted",
                $"{name} carries {found.NotAdopted} imported services without an intent; adopt them first (provision service adopt), it shows what would change.");
        }

        // Save
        await db.ExecuteAsync(
            $"""
             update switch set mode = {mode}, maintenance_until = {(mode == SwitchMode.Maintenance ? body.Value.Until : null)},
                 mode_after_maintenance = case when {mode} <> 'maintenance' then null when mode = 'maintenance' then mode_after_maintenance else mode end,
                 admin_status_by = coalesce({body.Value.AdminStatusBy}, admin_status_by)
             where id = {found.Id}
             """,
            ct);
        if (mode == SwitchMode.Manage)
        {
            await HeldRows.ReleaseAsync(db, [found.Id], [Reasons.Maintenance.Code, Reasons.Observed.Code], now, ct);
        }

        await db.WriteAuditAsync(now, caller.Name, "switch.mode", name, new { From = found.Mode, To = mode, body.Value.Until, body.Value.Why, body.Value.AdminStatusBy }, ct);
        var view = await ViewSwitches.ViewAsync(db, name, caller, ct);
        await tx.CommitAsync(ct);
        return TypedResults.Ok(view!);
    }

    private static (SwitchMode Mode, IReadOnlyList<Fault> Faults) Parse(SetSwitchModeRequest request, DateTimeOffset now)
    {
        var faults = new List<Fault>();
        if (!EnumText.TryParse<SwitchMode>(request.Mode, out var mode) || mode == SwitchMode.Locked)
        {
            faults.Add(new("unknown-mode", "mode", $"\"{request.Mode}\" is not a mode to set; known are observe, manage, maintenance."));
        }
        else if (mode == SwitchMode.Maintenance && request.Until is null)
        {
            faults.Add(new("missing-member", "until", "Maintenance needs an end: give \"until\"."));
        }
        else if (mode != SwitchMode.Maintenance && request.Until is not null)
        {
            faults.Add(new("unexpected-member", "until", "\"until\" belongs to maintenance only."));
        }

        if (request.Until <= now)
        {
            faults.Add(new("until-past", "until", $"{request.Until:u} is over; now is {now:u}."));
        }

        if (request.AdminStatusBy is { } by && !EnumText.TryParse<Core.Plans.Channel>(by, out _))
        {
            faults.Add(new("unknown-channel", "adminStatusBy", $"\"{by}\" is not a channel; known are {EnumText.Words<Core.Plans.Channel>()}."));
        }

        return (mode, faults);
    }

    private static Task<SwitchRow?> FindAsync(NpgsqlConnection db, string name, Caller caller, CancellationToken ct) => db.FirstAsync(
        $"""
         select w.id, w.mode, w.template,
                (select count(*)::int from port p join service_attachment a on a.port_id = p.id and a.ended_at is null
                 left join port_intent i on i.port_id = p.id where p.switch_id = w.id and i.port_id is null) as not_adopted
         from switch w join building b on b.id = w.building_id
         where w.name = {name} and ({caller.DistrictFilter}::int[] is null or b.district = any({caller.DistrictFilter}))
         for update of w
         """,
        r => new SwitchRow(r.Get<long>("id"), r.Get<SwitchMode>("mode"), r.Get<string>("template"), r.Get<int>("not_adopted")),
        ct);

    private sealed record SwitchRow(long Id, SwitchMode Mode, string Template, int NotAdopted);
}
