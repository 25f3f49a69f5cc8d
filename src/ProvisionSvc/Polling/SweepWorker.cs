using Microsoft.Extensions.Options;
using Npgsql;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Credentials;
using ProvisionSvc.Database;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Polling;

/// <summary>Claims shards of a sweep, asks their switches at once, and writes what changed. Workers come and go; a shard left behind is dealt out again.</summary>
internal sealed partial class SweepWorker(
    NpgsqlDataSource dataSource, PollSwitch poll, CredentialStore credentials, TemplateCatalog templates, TimeProvider clock,
    IOptions<PollingOptions> options, ILogger<SweepWorker> logger) : BackgroundService
{
    private readonly string _owner = $"{Environment.MachineName}/{Environment.ProcessId}";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!await RunShardAsync(stoppingToken))
                {
                    await Task.Delay(TimeSpan.FromSeconds(1), clock, stoppingToken);
                }
            }
            catch (NpgsqlException away)
            {
                Log.Later(logger, away.Message);
                await Task.Delay(TimeSpan.FromSeconds(2), clock, stoppingToken);
            }
        }
    }

    /// <summary>False when there was no shard to do.</summary>
    internal async Task<bool> RunShardAsync(CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        if (await SweepRows.ClaimAsync(db, _owner, clock.GetUtcNow(), options.Value.ShardPatience, ct) is not { } shard)
        {
            return false;
        }

        var switches = await SwitchRows.ByIdsAsync(db, shard.Switches, ct);
        await db.CloseAsync();
        var asked = clock.GetUtcNow();
        var swept = await AskAsync(switches, ct);

        await using var save = await dataSource.OpenConnectionAsync(ct);
        var known = await SweepRows.KnownPortsAsync(save, shard.Switches, asked, ct);
        var changes = swept.OfType<SweptSwitch.Answered>()
            .Select(s => CompareSweep.Run(s, [.. known[s.Switch.Id]], AgentShows(s.Switch.Template)))
            .ToList();
        var answered = swept.Count(s => s is SweptSwitch.Answered);
        ServiceMetrics.SwitchesSwept.Add(answered, new KeyValuePair<string, object?>("answered", "yes"));
        ServiceMetrics.SwitchesSwept.Add(swept.Count - answered, new KeyValuePair<string, object?>("answered", "no"));
        await SweepRows.SaveAsync(save, shard.Id, shard.Sweep, swept, changes, options.Value, asked, clock.GetUtcNow(), ct);
        return true;
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

    private static partial class Log
    {
        [LoggerMessage(EventId = 3111, Level = LogLevel.Warning, Message = "The sweep goes on later: {Why}")]
        public static partial void Later(ILogger logger, string why);
    }
}
