using Microsoft.Extensions.Options;
using Npgsql;
using ProvisionSvc.Database;
using ProvisionSvc.Devices.Templates;
using Quartz;

namespace ProvisionSvc.Configurations;

/// <summary>The archive's tick: marks managed switches whose configuration is older than the interval, and forgets versions past their time. Rows, nothing else.</summary>
internal sealed class MarkConfigurationsDue(NpgsqlDataSource dataSource, TemplateCatalog templates, TimeProvider clock, IOptions<ConfigurationOptions> options) : IJob
{
    /// <summary>How often it looks.</summary>
    public static TimeSpan Tick { get; } = TimeSpan.FromMinutes(5);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        await using var db = await dataSource.OpenConnectionAsync(cancellationToken);
        string[] able = [.. templates.Templates.Where(t => t.Archive is not null).Select(t => t.Name)];
        await MarkAsync(db, able, clock.GetUtcNow(), options.Value, cancellationToken);
    }

    /// <summary>How many switches are newly due, spread over the first tenth of the interval so that a city does not answer at once.</summary>
    public static async Task<int> MarkAsync(NpgsqlConnection db, string[] able, DateTimeOffset now, ConfigurationOptions options, CancellationToken ct)
    {
        await db.ExecuteAsync($"delete from configuration where not whole and until < {now - options.Keep}", ct);
        return await db.ExecuteAsync(
            $"""
             insert into configuration_fetch as f (switch_id, due_at)
             select w.id, {now} + ({options.Interval / 10} * ((w.id * 2654435761 % 1000) / 1000.0)) from switch w
             left join configuration_fetch known on known.switch_id = w.id
             where w.mode = 'manage' and w.template = any({able}) and known.due_at is null and (known.fetched_at is null or known.fetched_at <= {now - options.Interval})
             on conflict (switch_id) do update set due_at = excluded.due_at where f.due_at is null
             """,
            ct);
    }
}
