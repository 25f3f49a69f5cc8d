using ProvisionSvc.Database;
using ProvisionSvc.DeviceLab.Switches;

namespace ProvisionSvc.IntegrationTests.Lanes;

/// <summary>Compares what the switches wrote down themselves with what the service says it did.</summary>
internal static class JournalChecks
{
    private sealed record JournalRow(long Id, int? LocalPort, string Line, string Field, string? Before, string? After, string Who, string? Outcome, DateTimeOffset IntentAt, long Epoch);

    /// <summary>
    /// I6 and I12: every line that wrote something on the switch has exactly one intent of its own, committed before, from the same connection and with the
    /// same text; an intent without a write may be.
    /// </summary>
    public static async Task EveryWriteWasIntendedAsync(this EngineLab lab, string switchName, CancellationToken ct)
    {
        var journal = await JournalAsync(lab, switchName, ct);
        var written = lab.Lab.WriteLog.WritesOf(switchName).Where(w => w.Channel == "ssh").GroupBy(w => (w.Session, w.LineNumber)).Select(g => g.First());
        var used = new HashSet<long>();
        foreach (var write in written.OrderBy(w => w.Sequence))
        {
            var port = int.Parse(write.Client!.Split(':')[^1]);

            // Where a switch asks whether to save, the answer is what saves.
            var line = write is { Field: "startup", Line: "y" } ? "save" : write.Line;
            var intent = journal.Find(j => !used.Contains(j.Id) && j.LocalPort == port && j.Line == line);
            Assert.True(intent is not null, $"{switchName} executed \"{write.Line}\" from port {port} without an intent of its own.");
            Assert.True(intent.IntentAt <= write.Time, $"The intent of \"{write.Line}\" is younger than the write.");
            Assert.False(string.IsNullOrEmpty(intent.Who));
            used.Add(intent.Id);
        }
    }

    /// <summary>Every line that the journal says was confirmed was executed by the switch: the same text in the same connection, in the journal's order.</summary>
    public static async Task EveryIntentWasExecutedAsync(this EngineLab lab, string switchName, CancellationToken ct)
    {
        var journal = await JournalAsync(lab, switchName, ct);
        Assert.NotEmpty(journal);
        Assert.All(journal, j => Assert.Equal("confirmed", j.Outcome));
        var executed = lab.Lab.WriteLog.Entries.Where(e => e is { Channel: "ssh", LineNumber: not null } && e.Switch == switchName).ToList();
        foreach (var session in journal.Where(j => j.LocalPort is not null).GroupBy(j => j.LocalPort))
        {
            var lines = executed.Where(e => int.Parse(e.Client!.Split(':')[^1]) == session.Key).DistinctBy(e => e.LineNumber).OrderBy(e => e.LineNumber).Select(e => e.Line).ToList();
            var at = -1;
            foreach (var intent in session.OrderBy(j => j.Id))
            {
                at = lines.IndexOf(intent.Line, at + 1);
                Assert.True(at >= 0, $"{switchName} did not execute \"{intent.Line}\" after the lines before it; it executed {string.Join(" | ", lines)}.");
            }
        }

        Assert.Equal(journal.Count(j => j.LocalPort is null), lab.Lab.WriteLog.WritesOf(switchName).Count(w => w.Channel == "snmp"));
    }

    /// <summary>I4: sessions that wrote under an older epoch ended before a younger one wrote, and sessions of one epoch do not overlap.</summary>
    public static async Task EpochsDoNotOverlapAsync(this EngineLab lab, string switchName, CancellationToken ct)
    {
        var epochs = (await JournalAsync(lab, switchName, ct)).Where(j => j.LocalPort is not null).GroupBy(j => j.LocalPort).ToDictionary(g => g.Key!.Value, g => g.Max(j => j.Epoch));
        long newest = 0;
        foreach (var write in lab.Lab.WriteLog.WritesOf(switchName).Where(w => w.Channel == "ssh").OrderBy(w => w.Sequence))
        {
            var epoch = epochs[int.Parse(write.Client!.Split(':')[^1])];
            Assert.True(epoch >= newest, $"{switchName} wrote \"{write.Line}\" under epoch {epoch} after epoch {newest}.");
            newest = epoch;
        }

        var open = 0;
        foreach (var entry in lab.Lab.WriteLog.Entries.Where(e => e.Switch == switchName && e.Channel == "ssh" && e.Kind is LogKind.Open or LogKind.Close))
        {
            open += entry.Kind == LogKind.Open ? 1 : entry.Kind == LogKind.Close ? -1 : 0;
            Assert.True(open <= 1, $"{switchName} had {open} sessions at once.");
        }
    }

    public static Task<long> IntentsAsync(this EngineLab lab, string switchName, CancellationToken ct) =>
        lab.ScalarAsync<long>($"select count(*) from step_journal j join switch w on w.id = j.switch_id where w.name = '{switchName}'", ct);

    private static async Task<List<JournalRow>> JournalAsync(EngineLab lab, string switchName, CancellationToken ct)
    {
        await using var db = await lab.Service.Database.DataSource.OpenConnectionAsync(ct);
        return await db.QueryAsync(
            $"""
             select j.id, j.local_port, j.line, j.field, j.before, j.after, j.who, j.outcome, j.intent_at, j.epoch
             from step_journal j join switch w on w.id = j.switch_id where w.name = {switchName} order by j.id
             """,
            r => new JournalRow(
                r.Get<long>("id"), r.Get<int?>("local_port"), r.Get<string>("line"), r.Get<string>("field"), r.Get<string?>("before"), r.Get<string?>("after"),
                r.Get<string>("who"), r.Get<string?>("outcome"), r.Get<DateTimeOffset>("intent_at"), r.Get<long>("epoch")),
            ct);
    }
}
