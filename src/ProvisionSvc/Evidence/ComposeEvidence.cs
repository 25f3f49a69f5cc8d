using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Database;
using ProvisionSvc.Orders;

namespace ProvisionSvc.Evidence;

/// <summary>An order's evidence from its rows, as far as the order is.</summary>
internal static class ComposeEvidence
{
    private const int MostLines = 500;
    private const int MostTalks = 60;

    /// <summary>Null where there is no such order in these districts (null = all).</summary>
    public static async Task<EvidenceView?> RunAsync(NpgsqlConnection db, long orderId, int[]? districts, DateTimeOffset now, CancellationToken ct)
    {
        if (await OrderViews.FindAsync(db, orderId, districts, ct) is not { } order)
        {
            return null;
        }

        var (account, customer, building) = await WhoseAsync(db, orderId, ct);
        var audit = await AuditAsync(db, orderId, ct);
        return new()
        {
            Complete = order.FinishedAt is not null,
            WrittenAt = now,
            Order = order,
            Account = account,
            Customer = customer,
            Building = building,
            Approvals = [.. audit.Where(IsDecision).Select(a => new EvidenceApprovalView(a.At, a.Who, a.Action, a.Detail))],
            Fields = [.. order.Items.SelectMany(Fields)],
            Journal = await JournalAsync(db, orderId, ct),
            Conversations = await TalksAsync(db, orderId, ct),
            Audit = audit,
        };
    }

    private static bool IsDecision(AuditLineView line) =>
        line.Action.StartsWith("order.", StringComparison.Ordinal) && line.Action is not "order.accept";

    private static IEnumerable<EvidenceFieldView> Fields(OrderItemView item)
    {
        var steps = item.Plan?.Steps ?? [];
        var proven = item.Proof?.Fields ?? [];
        return steps.Select(s => s.Field).Concat(proven.Select(p => p.Field)).Distinct(StringComparer.Ordinal).Select(field =>
        {
            var (step, proof) = (steps.FirstOrDefault(s => s.Field == field), proven.FirstOrDefault(p => p.Field == field));
            return new EvidenceFieldView(item.Switch, item.IfName, field, step is null ? proof?.Value : step.Before, step is null ? proof?.Value : step.After, proof?.Value, proof?.Channel);
        });
    }

    private static Task<(string? Account, string? Customer, string? Building)> WhoseAsync(NpgsqlConnection db, long orderId, CancellationToken ct) => db.FirstAsync(
        $"""
         select a.number, c.name as customer, b.name as building
         from service_order o join service s on s.id = o.service_id join account a on a.id = s.account_id join customer c on c.id = a.customer_id join building b on b.id = s.building_id
         where o.id = {orderId}
         """,
        r => ((string?)r.Get<string>("number"), (string?)r.Get<string>("customer"), (string?)r.Get<string>("building")),
        ct);

    private static Task<List<AuditLineView>> AuditAsync(NpgsqlConnection db, long orderId, CancellationToken ct) => db.QueryAsync(
        $"""
         select a.id, a.at, a.who, a.action, a.object, a.detail, s.sequence from audit a left join audit_seal s on s.audit_id = a.id
         where a.object = {$"order/{orderId}"} order by a.id limit {MostLines}
         """,
        AuditRows.View,
        ct);

    private static Task<List<EvidenceLineView>> JournalAsync(NpgsqlConnection db, long orderId, CancellationToken ct) => db.QueryAsync(
        $"""
         select w.name as switch, p.if_name, j.epoch, j.local_port, j.channel, j.field, j.line, j.before, j.after, j.intent_at, j.outcome, j.outcome_at
         from order_item i join step_journal j on j.item_id = i.id join port p on p.id = i.port_id join switch w on w.id = p.switch_id
         where i.order_id = {orderId} order by j.id limit {MostLines}
         """,
        r => new EvidenceLineView(
            r.Get<string>("switch"), r.Get<string>("if_name"), r.Get<long>("epoch"), r.Get<int?>("local_port"), r.Get<string>("channel"), r.Get<string>("field"), r.Get<string>("line"),
            r.Get<string?>("before"), r.Get<string?>("after"), r.Get<DateTimeOffset>("intent_at"), r.Get<string?>("outcome"), r.Get<DateTimeOffset?>("outcome_at")),
        ct);

    private static Task<List<EvidenceTalkView>> TalksAsync(NpgsqlConnection db, long orderId, CancellationToken ct) => db.QueryAsync(
        $"""
         select w.name as switch, p.if_name, c.epoch, c.part, c.kept_at, c.said
         from order_item i join conversation c on c.item_id = i.id join port p on p.id = i.port_id join switch w on w.id = p.switch_id
         where i.order_id = {orderId} order by c.id limit {MostTalks}
         """,
        r => new EvidenceTalkView(
            r.Get<string>("switch"), r.Get<string>("if_name"), r.Get<long>("epoch"), r.Get<string>("part"), r.Get<DateTimeOffset>("kept_at"), Packed.Text(r.Get<byte[]>("said"))),
        ct);
}
