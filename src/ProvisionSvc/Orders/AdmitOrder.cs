using Microsoft.Extensions.Options;
using Npgsql;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Scheduling;

namespace ProvisionSvc.Orders;

/// <summary>What a decided order waits for before it may have an effect. <paramref name="LookAt"/>: when to ask again; null where something else than time must help.</summary>
internal sealed record OrderWait(OrderState State, Reason Reason, string? Detail, DateTimeOffset? LookAt)
{
    /// <summary>The rule whose approvers are asked.</summary>
    public ApprovalRule? Rule { get; init; }
}

/// <summary>Asks whether an order may have its effect now: approval, requested start, freezes and windows, in this order. A restoration waits for its requested start only.</summary>
internal sealed class AdmitOrder(CurrentTimetable timetable, IOptions<ApprovalOptions> approvals)
{
    private readonly IReadOnlyList<ApprovalRule> _policy = approvals.Value.Policy;

    /// <param name="orderId">Null where it has no row yet.</param>
    public async Task<OrderWait?> WaitAsync(NpgsqlConnection db, long? orderId, PreparedOrder order, DateTimeOffset now, CancellationToken ct)
    {
        if (await ApprovalAsync(db, orderId, order, ct) is { } approval)
        {
            return approval;
        }

        if (order.Draft.Body.RequestedStart is { } start && start > now)
        {
            return new(OrderState.Pending, Reasons.Scheduled, null, start);
        }

        if (order.Action.Restores || order.Ports.Count == 0)
        {
            return null;
        }

        return await timetable.WaitAsync(db, [.. order.Ports.Select(p => p.Row.Site).Distinct()], order.Action.Name, order.Draft.PlacedBy, now, ct) is { } wait
            ? new(OrderState.Pending, wait.Reason, wait.Detail, wait.Until ?? now.AddDays(1))
            : null;
    }

    private async Task<OrderWait?> ApprovalAsync(NpgsqlConnection db, long? orderId, PreparedOrder order, CancellationToken ct)
    {
        if (_policy.Count == 0 || order.Ports.Count == 0)
        {
            return null;
        }

        var mbps = (order.After?.Attachments ?? []).Concat(order.Row?.Service.Attachments ?? []).Select(a => Math.Max(a.RateDown.Kbps, a.RateUp.Kbps) / 1000m).DefaultIfEmpty().Max();
        if (ApprovalRule.For(_policy, order.Action, mbps, order.Ports.Count) is not { } rule
            || (orderId is { } id && await ApprovalRows.LatestAsync(db, id, ct) is { Outcome: "approved" }))
        {
            return null;
        }

        return new(OrderState.Held, Reasons.Approval, $"0/{rule.Approvers} {rule.Role}", null) { Rule = rule };
    }
}
