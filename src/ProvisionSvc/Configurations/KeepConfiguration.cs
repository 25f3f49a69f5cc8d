using System.Text.RegularExpressions;
using Npgsql;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Database;
using ProvisionSvc.Devices;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.Devices.Templates;

namespace ProvisionSvc.Configurations;

/// <summary>
/// Asks an open session for the running configuration and keeps it without its secrets. What goes wrong with that is noted and tried again later; it is
/// never the fault of an order.
/// </summary>
internal sealed partial class KeepConfiguration(NpgsqlDataSource dataSource, TimeProvider clock, ILogger<KeepConfiguration> logger)
{
    public const string AfterOrders = "orders";
    public const string AfterInterval = "interval";

    private const int AlarmingAttempts = 3;
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LastRetry = TimeSpan.FromHours(12);

    // Orders of the switch wait meanwhile; a switch that needs longer is fetched by and by.
    private static readonly TimeSpan PatienceAfterOrders = TimeSpan.FromSeconds(20);

    /// <summary>
    /// After a session that wrote, in a session that is still open. Where more orders wait for the switch they go first, and their session fetches.
    /// </summary>
    /// <param name="session">Null where the session is gone already: then the configuration is fetched by and by.</param>
    public async Task AfterOrdersAsync(SwitchRef at, SwitchSession? session, CancellationToken ct)
    {
        if (at.Template.Archive is null)
        {
            return;
        }

        if (session is null || await OrdersWaitAsync(at.Id, ct))
        {
            await using var db = await dataSource.OpenConnectionAsync(ct);
            await ConfigurationRows.MakeDueAsync(db, at.Id, clock.GetUtcNow() + FirstRetry, ct);
            return;
        }

        await FetchAsync(at, session, AfterOrders, ct);
    }

    /// <summary>Fetches and keeps. True where that succeeded; where it did not, the switch is due again later, and an alarm tells of the third time.</summary>
    public async Task<bool> FetchAsync(SwitchRef at, SwitchSession session, string source, CancellationToken ct)
    {
        string? shown;
        string text;
        try
        {
            shown = await session.ShowRunningAsync(new PortName(at.Name, ""), ct, source == AfterOrders ? PatienceAfterOrders : null);
            text = at.Template.Archive!.Keep(shown ?? "", at.Credential.Known);
        }
        catch (Exception trouble) when (trouble is DeviceException or RegexMatchTimeoutException)
        {
            await FailedAsync(at, trouble.Message, ct);
            return false;
        }

        if (string.IsNullOrWhiteSpace(text) || text.Contains('\0'))
        {
            await FailedAsync(at, $"{at.Name} answered \"{at.Template.Archive.Command}\" with no text.", ct);
            return false;
        }

        await using var db = await dataSource.OpenConnectionAsync(ct);
        var now = clock.GetUtcNow();
        if (await ConfigurationRows.SaveAsync(db, at.Id, text, source, now, ct))
        {
            Log.Kept(logger, at.Name, text.Length, source);
        }

        await db.ClearAlarmAsync(now, AlarmKey(at.Name), ct);
        return true;
    }

    /// <summary>It could not be fetched now.</summary>
    public async Task FailedAsync(SwitchRef at, string why, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        var now = clock.GetUtcNow();
        var attempts = await db.FirstAsync(
            $"""
             insert into configuration_fetch as f (switch_id, due_at, attempts, problem) values ({at.Id}, {now + FirstRetry}, 1, {why})
             on conflict (switch_id) do update set attempts = f.attempts + 1, problem = excluded.problem,
                 due_at = {now} + least({LastRetry}, {FirstRetry} * power(2, least(f.attempts, 10)))
             returning attempts
             """,
            r => r.Get<int>("attempts"), ct);
        if (attempts >= AlarmingAttempts)
        {
            await db.RaiseAlarmAsync(now, AlarmKey(at.Name), "warning", $"The configuration of {at.Name} could not be fetched {attempts} times: {why}",
                "Look at the switch and the way to it; it is tried again by itself.", ct);
        }

        Log.NotFetched(logger, at.Name, why);
    }

    private static string AlarmKey(string name) => $"configuration:{name}";

    private async Task<bool> OrdersWaitAsync(long switchId, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await db.FirstAsync(
            $"""
             select exists (select from order_item where switch_id = {switchId} and finished_at is null
                 and state in ('acknowledged', 'inProgress', 'pending') and not_before <= {clock.GetUtcNow()}) as waiting
             """,
            r => r.Get<bool>("waiting"), ct);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 5101, Level = LogLevel.Information, Message = "A new version of the configuration of {Switch} is kept: {Length} characters, after {Source}")]
        public static partial void Kept(ILogger logger, string @switch, int length, string source);

        [LoggerMessage(EventId = 5102, Level = LogLevel.Warning, Message = "The configuration of {Switch} was not fetched: {Why}")]
        public static partial void NotFetched(ILogger logger, string @switch, string why);
    }
}

/// <summary>The switch whose configuration is kept, and the credential whose secrets are taken out of it.</summary>
internal sealed record SwitchRef(long Id, string Name, LoadedTemplate Template, SwitchCredential Credential);
