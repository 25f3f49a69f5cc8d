using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Database;
using ProvisionSvc.Devices;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Orders;

/// <summary>
/// Takes a completed order back: the inverse of what it changed, placed as an order of its own through the same door. Refused where the books or the port itself have
/// changed since, with the difference.
/// </summary>
internal sealed class UndoOrder(NpgsqlDataSource dataSource, PlaceOrder place, PlaceMany many, DryRunOrder dry, ReadPort read, TimeProvider clock, IOptions<OrderOptions> options)
{
    public static async Task<Results<Created<OrderView>, Ok<OrderView>, Ok<DryRunView>, ProblemHttpResult>> HandleAsync(
        long id, Body<UndoOrderRequest> body, ClaimsPrincipal user, HttpRequest http, UndoOrder undo, CancellationToken ct, bool dryRun = false) =>
        body.Faults.Count > 0 ? Problems.Invalid(body.Faults) : await undo.RunAsync(id, body.Value, Caller.Of(user), http, dryRun, ct);

    private async Task<Results<Created<OrderView>, Ok<OrderView>, Ok<DryRunView>, ProblemHttpResult>> RunAsync(
        long id, UndoOrderRequest request, Caller caller, HttpRequest http, bool dryRun, CancellationToken ct)
    {
        // Load
        await using var db = await dataSource.OpenConnectionAsync(ct);
        if (await OrderViews.FindAsync(db, id, caller.DistrictFilter, ct) is not { } order)
        {
            return Problems.NotFound("order", id.ToString());
        }

        // Decide
        var key = request.ExternalId ?? await KeyAsync(db, id, ct);
        if (ETags.Mismatch(http, $"Order {id}", order) is { } changed)
        {
            return changed;
        }

        if (await RefusalAsync(db, order, caller, key, ct) is { } refusal)
        {
            return refusal;
        }

        var (draft, faults) = await DraftAsync(db, order, key, request.Why, caller, ct);
        await db.CloseAsync();
        faults = draft is null ? faults : await DifferencesAsync(order, ct);
        if (draft is null || faults.Count > 0)
        {
            return Problems.Invalid(faults);
        }

        if (dryRun)
        {
            return await dry.AnswerAsync(draft, ct);
        }

        // Save
        return await OrderAnswers.OfAsync(order.Parts is null ? await place.RunAsync(draft, ct) : await many.RunAsync(draft, ct), draft, dataSource, ct);
    }

    private async Task<ProblemHttpResult?> RefusalAsync(NpgsqlConnection db, OrderView order, Caller caller, string key, CancellationToken ct)
    {
        var known = await db.FirstAsync($"select undoes from service_order where client = {caller.Name} and external_id = {key}", r => r.Get<long?>("undoes"), ct);
        return known == order.Id ? null
            : order.State is not ("completed" or "partial") ? Problems.Conflict("not-completed", $"Order {order.Id} is {order.State}; what has not completed is cancelled, not undone.")
            : order.FinishedAt < clock.GetUtcNow() - options.Value.UndoFor ? Problems.Conflict("too-old",
                $"Order {order.Id} completed at {order.FinishedAt:u}; orders are taken back for {options.Value.UndoFor.TotalDays:0.#} days (Orders:UndoFor). Place the opposite order.")
            : order.UndoneBy is { } by ? Problems.Conflict("already-undone", $"Order {order.Id} was taken back by order {by}.")
            : null;
    }

    /// <summary>A key for each attempt: one that failed may be tried again.</summary>
    private static async Task<string> KeyAsync(NpgsqlConnection db, long id, CancellationToken ct)
    {
        var failed = await db.FirstAsync(
            $"select count(*) as times from service_order where undoes = {id} and state in ('failed', 'cancelled', 'rejected')", r => r.Get<long>("times"), ct);
        return failed == 0 ? $"undo/{id}" : $"undo/{id}/{failed + 1}";
    }

    private static async Task<(OrderDraft? Draft, IReadOnlyList<Fault> Faults)> DraftAsync(
        NpgsqlConnection db, OrderView order, string key, string? why, Caller caller, CancellationToken ct)
    {
        // By its id: the service may have another name since.
        var circuit = order.Parts is not null ? null : await db.FirstAsync(
            $"select s.circuit_id from service_order o join service s on s.id = o.service_id where o.id = {order.Id}", r => r.Get<string>("circuit_id"), ct);
        var body = new PlaceOrderRequest { ExternalId = key, Action = "undo", Service = circuit, Undoes = order.Id, Why = why ?? $"order {order.Id} taken back" };
        if (order.Parts is not null)
        {
            var faults = ParseOrder.Common(body).ToList();
            return faults.Count > 0 ? (null, faults)
                : (new() { Client = caller.Name, PlacedBy = caller.Name, Districts = caller.DistrictFilter, Body = body, Circuit = null }, []);
        }

        return circuit is null
            ? (null, [new("nothing-to-undo", "undoes", $"Order {order.Id} changed no service: it proved what already stood.")])
            : ParseOrder.Parse(body, caller.Name, caller.Name, caller.DistrictFilter);
    }

    /// <summary>The ports of the order as they are now, against what they should be: who has changed one by hand since would lose it unseen.</summary>
    private async Task<IReadOnlyList<Fault>> DifferencesAsync(OrderView order, CancellationToken ct)
    {
        var faults = new List<Fault>();
        foreach (var port in order.Items.Where(i => i.State == "completed").Select(i => new PortName(i.Switch, i.IfName)))
        {
            try
            {
                var (reading, _, _) = await read.RunAsync(port, ct);
                faults.AddRange(Compare.Differences(await ExpectedAsync(port, ct), reading)
                    .Select(d => new Fault("port-changed", "undoes", $"{port} has changed since: {d}. Repair or adopt the port first.")));
            }
            catch (DeviceException away)
            {
                faults.Add(new("port-unreadable", "undoes", $"{port} cannot be read now, so nobody knows whether it has changed since: {away.Message}"));
            }
        }

        return faults;
    }

    private async Task<IReadOnlyDictionary<IntentField, string?>> ExpectedAsync(PortName port, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await db.FirstAsync(
            $"select i.expected from port_intent i join port p on p.id = i.port_id join switch w on w.id = p.switch_id where w.name = {port.Switch} and p.if_name = {port.IfName}",
            r => IntentRows.Expected(r.Get<string>("expected")), ct) ?? new Dictionary<IntentField, string?>();
    }
}
