using Microsoft.Extensions.Options;
using Npgsql;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Database;
using ProvisionSvc.Credentials;
using ProvisionSvc.Devices;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Lanes;

/// <summary>
/// One claim on one switch: all due items in one session, restorations first; then everything written is proven in a session of its own, saved once, and
/// finished. After a crash the next owner begins with the read-back, so that a line is never sent again blindly.
/// </summary>
internal sealed class LaneRun(
    NpgsqlDataSource dataSource, TemplateCatalog templates, CredentialStore credentials, SwitchAccess access,
    WriteItem write, KeepTrial keep, FinishBatch finish, SettleItem settle, LaneGate gate, TimeProvider clock, IOptions<LaneOptions> options)
{
    public async Task RunAsync(LaneLease lease, CancellationToken ct)
    {
        Failpoints.Pass(Failpoint.Claimed);
        if (await ReadyAsync(lease, ct) is not { } lane)
        {
            return;
        }

        if (lane.Switch.TrialUntil is { } until && until > clock.GetUtcNow())
        {
            await settle.WaitForTrialAsync(lane, until, ct);
            return;
        }

        var batch = new List<WrittenItem>();
        var done = new List<long>();
        await using var line = new LaneSession(access, lane);
        while (batch.Count < options.Value.ItemsPerSession && await NextAsync(lease, done, ct) is { } item)
        {
            if (batch.Exists(b => b.Item.PortId == item.PortId))
            {
                // Its port shows what the item before it wanted, until that is proven; this one is next.
                break;
            }

            done.Add(item.Id);
            if (await OvertakenAsync(item, ct) is { } newer)
            {
                await settle.SupersedeAsync(lane, item, newer, ct);
                continue;
            }

            if (item.Crashes >= options.Value.MaxCrashes)
            {
                await settle.FailAsync(lane, item, Reasons.Crashed, null, ct);
                continue;
            }

            if (await gate.PassAsync(lane, item, ct) is not { } pass || !await BeginAsync(lease, item, ct))
            {
                continue;
            }

            Failpoints.Pass(Failpoint.Begun);
            if (await WriteAsync(lane, line, item, pass, ct) is { } written)
            {
                batch.Add(written);
                if (written.Trial is not null)
                {
                    // What the switch takes back by itself is this one order, and nothing else may be written meanwhile.
                    break;
                }
            }
            else if (line.IsUseless)
            {
                // The switch does not take us: its other items wait with this one instead of knocking one by one.
                break;
            }
        }

        var kept = await keep.RunAsync(lane, line, batch, ct);
        await line.CloseAsync();
        if (kept && batch.Count > 0)
        {
            await finish.RunAsync(lane, batch, ct);
        }
    }

    /// <summary>The switch with all that is needed to speak with it; null where its items wait for something else, and then they say for what.</summary>
    private async Task<Lane?> ReadyAsync(LaneLease lease, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        var since = clock.GetUtcNow();
        var laneSwitch = await LaneRows.SwitchAsync(db, lease.SwitchId, ct) ?? throw new InvalidOperationException($"Lane {lease.SwitchId} has no switch.");
        var (credential, problem) = await credentials.OpenAsync(laneSwitch.Id, ct);
        var template = templates.Find(laneSwitch.Template);
        var (stop, detail) =
            Gates.Stop(laneSwitch.Mode, laneSwitch.Locked) is { } closed ? (closed, null)
            : !access.IsManaged(laneSwitch.Endpoint.Address) ? (Reasons.OutsidePrefix, $"{laneSwitch.Endpoint.Name} is at {laneSwitch.Endpoint.Address}.")
            : credential is null ? (Reasons.Credential, problem!.Message)
            : template is null ? (Reasons.TemplateMissing, $"Template \"{laneSwitch.Template}\" is not loaded.")
            : (default(Reason), default(string));
        if (stop is null && await credential!.WhyNotAsync(ct) is { } refused)
        {
            // The credential's own alarm stands.
            await LaneRows.HoldAllAsync(db, lease, laneSwitch, since, Reasons.Credential, refused, null, locks: false, clock.GetUtcNow(), ct);
            return null;
        }

        if (stop is null)
        {
            return new(lease, laneSwitch, credential!, template!, since, gate);
        }

        // Somebody chose maintenance; a wrong address or a missing credential nobody chose, so somebody has to hear of it.
        var alarm = detail is null ? null
            : new ItemAlarm($"{stop.Code}:{laneSwitch.Endpoint.Name}", "major", $"Orders of {laneSwitch.Endpoint.Name} wait: {detail}", stop.English);
        await LaneRows.HoldAllAsync(db, lease, laneSwitch, since, stop, detail, alarm, locks: false, clock.GetUtcNow(), ct);
        return null;
    }

    private async Task<DueItem?> NextAsync(LaneLease lease, IReadOnlyCollection<long> done, CancellationToken ct)
    {
        lease.RequireHeld();
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await LaneRows.NextItemAsync(db, lease.SwitchId, done, clock.GetUtcNow(), ct);
    }

    private async Task<long?> OvertakenAsync(DueItem item, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await LaneRows.OvertakenByAsync(db, item, ct);
    }

    private async Task<bool> BeginAsync(LaneLease lease, DueItem item, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await LaneRows.BeginAsync(db, lease, item, clock.GetUtcNow(), ct);
    }

    /// <summary>Reads, plans and writes one item, reading back and going on after interruptions. Null: it was settled some other way.</summary>
    private async Task<WrittenItem?> WriteAsync(Lane lane, LaneSession line, DueItem item, GatePass pass, CancellationToken ct)
    {
        var first = default(WrittenItem);
        var why = "";
        lane.Said.TurnTo("write", item.Id);
        for (var round = 0; round <= options.Value.ResumesPerRun; round++)
        {
            try
            {
                var session = await line.OpenAsync(ct);
                var (outcome, (_, reading, upTime)) = await access.PlanAsync(
                    session, lane.Switch.Endpoint, lane.Credential, lane.Template, item.Port, item.Role, item.Intent, item.IfIndex, lane.Switch.WriteBy, ct);
                if (outcome is PlanOutcome.Refused(var reasons))
                {
                    await settle.FailAsync(lane, item, Reasons.PlanRefused, string.Join(" ", reasons), ct);
                    return null;
                }

                var plan = ((PlanOutcome.Planned)outcome).Plan;
                first = (first ?? First(lane, item, plan, reading)) with { UpTime = upTime };
                if (!pass.Allows(plan, first.Plan))
                {
                    await gate.AskAgainAsync(lane, item, first.Plan, ct);
                    return null;
                }

                await KeepPlanAsync(item, plan, ct);
                var written = await write.RunAsync(lane, session, item, plan, ct);
                first = first with { Trial = written.Trial };
                switch (written)
                {
                    case WriteOutcome.Written:
                        return first;
                    case WriteOutcome.Refused(var words, var begun):
                        await line.CloseAsync();
                        var steps = first.Plan.Steps.Where(s => round > 0 || item.FirstPlan is not null || begun.Any(b => b.Field == s.Field));
                        await settle.TakeBackAsync(lane, first with { Plan = first.Plan with { Steps = [.. steps] } }, Reasons.RejectedByDevice, words, ct);
                        return null;
                    case WriteOutcome.Interrupted(var lost) when written.Trial is { } trial:
                        await line.CloseAsync();
                        line.IsUseless = true;
                        await settle.WaitAsync(lane, item, Reasons.Interrupted, lost, ct, trial.Until);
                        return null;
                    case WriteOutcome.Interrupted(var lost):
                        why = lost;
                        break;
                }
            }
            catch (DeviceException trouble) when (trouble.IsTransient && line.IsOpen)
            {
                why = trouble.Message;
            }
            catch (DeviceException trouble)
            {
                line.IsUseless = !line.IsOpen;
                if (line.IsOpen && first is not null)
                {
                    // Lines may have been written before the switch stopped making sense.
                    await line.CloseAsync();
                    await settle.TakeBackAsync(lane, first, Reasons.NeedsPerson, trouble.Message, ct);
                    return null;
                }

                await settle.TroubleAsync(lane, item, trouble, ct);
                return null;
            }

            await line.CloseAsync();
        }

        await settle.WaitAsync(lane, item, Reasons.Interrupted, why, ct);
        return null;
    }

    /// <summary>
    /// What compensation returns to. An earlier attempt may have written a part of it: then it is what that one found, unless a newer order has changed the
    /// port's intent since.
    /// </summary>
    private static WrittenItem First(Lane lane, DueItem item, DevicePlan plan, PortReading reading)
    {
        if (item.FirstPlan is not { } kept)
        {
            return new(item, plan, reading, null);
        }

        var found = reading.With(new(kept.Steps.ToDictionary(s => FieldNames.Parse(s.Field)!.Value, s => s.Before)));
        return MakePlan.For(lane.Template.Template, item.Port, item.Role, item.Intent, found, lane.Switch.WriteBy) is PlanOutcome.Planned(var whole)
            ? new(item, whole, found, null)
            : new(item, plan, reading, null);
    }

    private async Task KeepPlanAsync(DueItem item, DevicePlan plan, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await LaneRows.KeepPlanAsync(db, item.Id, PlanRows.Of(plan), ct);
    }
}
