using Npgsql;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;

namespace ProvisionSvc.Scheduling;

/// <summary>Marks what waits for its time as due: whoever starts it decides again, over what is true then.</summary>
internal static class Waiting
{
    private static readonly string[] OfTime = [Reasons.Window.Code, Reasons.Freeze.Code];

    /// <summary>Windows, freezes or the calendar have changed: what waits for them is looked at again.</summary>
    public static async Task LookAgainAsync(NpgsqlConnection db, DateTimeOffset now, CancellationToken ct)
    {
        await db.ExecuteAsync($"update service_order set look_at = {now} where finished_at is null and state = 'pending' and reason = any({OfTime})", ct);

        // The lanes before their items, as the lanes themselves lock them.
        await db.ExecuteAsync(
            $"""
             update lane set due_at = least(coalesce(due_at, {now}), {now})
             where switch_id in (select switch_id from order_item where finished_at is null and state = 'pending' and reason = any({OfTime}))
             """,
            ct);
        await db.ExecuteAsync($"update order_item set not_before = {now} where finished_at is null and state = 'pending' and reason = any({OfTime})", ct);
    }
}
