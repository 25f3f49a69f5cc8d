using Microsoft.Extensions.Options;
using Npgsql;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Credentials;
using ProvisionSvc.Database;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Polling;

/// <summary>Asks switches at once and says what has changed; what is then written stands in the caller's transaction.</summary>
internal sealed class SweepSwitches(
    NpgsqlDataSource dataSource, PollSwitch poll, CredentialStore credentials, TemplateCatalog templates, TimeProvider clock, IOptions<PollingOptions> options)
{
    /// <summary>What the switches said, and since when it may be old.</summary>
    public sealed record Heard(DateTimeOffset Asked, IReadOnlyList<SweptSwitch> Swept)
    {
        public int Answered => Swept.Count(s => s is SweptSwitch.Answered);
    }

    /// <summary>No connection is held while the switches are asked.</summary>
    public async Task<Heard> AskAsync(long[] ids, CancellationToken ct)
    {
        List<SwitchRow> switches;
        await using (var db = await dataSource.OpenConnectionAsync(ct))
        {
            switches = await SwitchRows.ByIdsAsync(db, ids, ct);
        }

        var heard = new Heard(clock.GetUtcNow(), await AskAsync(switches, ct));
        ServiceMetrics.SwitchesSwept.Add(heard.Answered, new KeyValuePair<string, object?>("answered", "yes"));
        ServiceMetrics.SwitchesSwept.Add(heard.Swept.Count - heard.Answered, new KeyValuePair<string, object?>("answered", "no"));
        return heard;
    }

    /// <summary>Compares with what is known and writes what differs, in the caller's transaction.</summary>
    public async Task SaveAsync(NpgsqlConnection db, Heard heard, CancellationToken ct)
    {
        long[] ids = [.. heard.Swept.Select(s => s.Switch.Id).Order()];
        await SweepRows.TakeTurnsAsync(db, ids, ct);
        var known = await SweepRows.KnownPortsAsync(db, ids, heard.Asked, ct);
        var changes = heard.Swept.OfType<SweptSwitch.Answered>().Select(s => CompareSweep.Run(s, [.. known[s.Switch.Id]], AgentShows(s.Switch.Template))).ToList();
        await SweepRows.SaveAsync(db, heard.Swept, changes, options.Value, heard.Asked, clock.GetUtcNow(), ct);
    }

    private async Task<IReadOnlyList<SweptSwitch>> AskAsync(List<SwitchRow> switches, CancellationToken ct)
    {
        var opened = await credentials.OpenAsync([.. switches.Select(s => s.Id)], ct);
        var swept = new SweptSwitch[switches.Count];
        await Parallel.ForAsync(0, switches.Count, new ParallelOptions { MaxDegreeOfParallelism = options.Value.Concurrency, CancellationToken = ct }, async (i, token) =>
            swept[i] = opened.GetValueOrDefault(switches[i].Id) switch
            {
                ({ } credential, _) => await poll.RunAsync(switches[i], credential, token),
                var none => new SweptSwitch.Silent(switches[i], none?.Problem?.Message ?? "The switch is no more."),
            });
        return swept;
    }

    /// <summary>Fields for which the agent's word counts in this family.</summary>
    private HashSet<IntentField> AgentShows(string template) => templates.Find(template) is { } loaded
        ? [.. loaded.Template.Fields.Where(f => f.Value.Read is null || f.Value.VerifyBy == Channel.Snmp).Select(f => f.Key)]
        : [];
}
