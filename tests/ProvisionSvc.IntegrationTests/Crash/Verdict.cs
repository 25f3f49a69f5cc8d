using System.Text.RegularExpressions;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.Database;
using ProvisionSvc.IntegrationTests.Infrastructure;

namespace ProvisionSvc.IntegrationTests.Crash;

/// <summary>
/// Compares what the switches say of themselves with what the service believes: the lab's own log against plans and journal, the ports against their
/// intents. Numbers are those of the invariants in the safety contract.
/// </summary>
internal static partial class Verdict
{
    private sealed record JournalLine(string Switch, long Epoch, int? LocalPort, string Line, DateTimeOffset At);

    /// <summary>I3: running and startup configuration of the order's port are its intent, and the order is proven.</summary>
    public static async Task PortIsItsIntentAsync(CrashLab lab, OrderView order, CancellationToken ct)
    {
        var item = Assert.Single(order.Items);
        Assert.NotNull(item.Proof);
        Assert.Contains(item.Proof.Fields, f => f is { Field: "adminStatus", Value: "up" });
        var ports = await lab.Api.GetAsync<IReadOnlyList<PortView>>($"/api/v1/ports?switch={item.Switch}", ct);
        var intent = ports.Single(p => p.IfName == item.IfName).Intent;
        Assert.NotNull(intent);
        var state = lab.City.Control.State(item.Switch, item.IfName);
        Assert.Equal(
            (intent.AdminStatus, intent.AccessVlan, intent.RateDownMbps, intent.RateUpMbps, intent.Alias),
            (state.AdminUp ? "up" : "down", state.DefaultVlan, state.OutboundKbps / 1000m, state.InboundKbps / 1000m, state.Description));
        Assert.Equal(state.Running, state.Startup);
    }

    /// <summary>I7: nothing differs but the planned ports.</summary>
    public static void OnlyTheseChanged(SimSwitch device, SwitchConfig before, IReadOnlyCollection<string> planned)
    {
        for (var slot = 0; slot < before.Ports.Length; slot++)
        {
            if (!planned.Contains(device.Model.Interfaces[slot].Name))
            {
                Assert.Equal(before.Ports[slot], device.Running.Ports[slot]);
            }
        }
    }

    /// <summary>I4, I6, I12 and "at most once" for the writes since <paramref name="since"/>.</summary>
    public static async Task WritesAreAsPlannedAsync(CrashLab lab, long since, IReadOnlyList<OrderView> orders, CancellationToken ct)
    {
        var log = lab.City.WriteLog.Entries.Where(e => e.Sequence > since).ToList();
        var planned = orders.SelectMany(o => o.Items).SelectMany(i => i.Plan!.Steps.SelectMany(s => s.Lines).Select(l => (i.Switch, Line: l))).ToHashSet();
        var ports = orders.SelectMany(o => o.Items).Select(i => (i.Switch, i.IfName)).ToHashSet();
        var writes = log.Where(e => e.Kind == LogKind.Write && e.Field != "startup").ToList();
        var journal = await JournalAsync(lab, ct);
        var epochs = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var write in writes)
        {
            Assert.True(planned.Contains((write.Switch, write.Line!)), $"{write} is in no plan");
            Assert.True(write.Port is null || ports.Contains((write.Switch, write.Port)), $"{write} is on a port without an order");
            var intent = journal.FindAll(j => j.Switch == write.Switch && j.Line == write.Line && $"127.0.0.1:{j.LocalPort}" == write.Client && j.At <= write.Time);
            Assert.True(intent.Count == 1, $"{write} has {intent.Count} earlier journal lines instead of one");
            Assert.True(intent[0].Epoch >= epochs.GetValueOrDefault(write.Switch), $"{write} was written under epoch {intent[0].Epoch} after a later one");
            epochs[write.Switch] = intent[0].Epoch;
        }

        var twice = writes.Where(w => w.Before != w.After).GroupBy(w => (w.Switch, w.Port, w.Field, w.Line)).Where(g => g.Count() > 1).Select(g => g.Key.ToString());
        Assert.Empty(twice);
        var strange = log.Where(e => e.Kind == LogKind.Line && !Reading().IsMatch(e.Line!) && !planned.Contains((e.Switch, e.Line!)));
        Assert.Empty(strange);
        var saves = log.Where(e => e is { Kind: LogKind.Write, Field: "startup" });
        Assert.All(saves, s => Assert.Contains(s.Line, (string?[])["y", "save", ""]));
    }

    private static async Task<List<JournalLine>> JournalAsync(CrashLab lab, CancellationToken ct)
    {
        await using var source = lab.OpenDatabase();
        await using var db = await source.OpenConnectionAsync(ct);
        return await db.QueryAsync(
            $"select w.name, j.epoch, j.local_port, j.line, j.intent_at from step_journal j join switch w on w.id = j.switch_id order by j.id",
            r => new JournalLine(r.Get<string>("name"), r.Get<long>("epoch"), r.Get<int?>("local_port"), r.Get<string>("line"), r.Get<DateTimeOffset>("intent_at")),
            ct);
    }

    /// <summary>What is typed to look, to move and to leave.</summary>
    [GeneratedRegex(@"^(screen-length 0 temporary|undo terminal monitor|system-view|return|quit|interface \S+|display .*|save|y|n|)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Reading();
}
