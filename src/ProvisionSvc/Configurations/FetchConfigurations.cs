using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Npgsql;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Credentials;
using ProvisionSvc.Database;
using ProvisionSvc.Devices;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Lanes;

namespace ProvisionSvc.Configurations;

/// <summary>
/// Fetches what is due, few at a time and with pauses, each with the switch's lane in hand: never beside a session that writes, and never where orders wait.
/// </summary>
internal sealed partial class FetchConfigurations(
    NpgsqlDataSource dataSource, TemplateCatalog templates, CredentialStore credentials, SwitchAccess access, BorrowLane lanes, KeepConfiguration keep,
    TimeProvider clock, IOptions<ConfigurationOptions> options, ILogger<FetchConfigurations> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Busy = TimeSpan.FromMinutes(1);

    // A claim: whoever crashes with it leaves the row due again by itself.
    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(15);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, options.Value.MaxAtOnce).Select(_ => WorkAsync(stoppingToken)));

    /// <summary>Fetches one switch that is due. False where none is.</summary>
    public async Task<bool> NextAsync(CancellationToken ct)
    {
        if (await ClaimAsync(ct) is not { } row)
        {
            return false;
        }

        if (templates.Find(row.Template) is not { Archive: not null } template || row.Mode != SwitchMode.Manage)
        {
            // Not managed any more, or of another family now: the tick marks it again when that is over.
            await DueAsync(row.Id, null, ct);
            return true;
        }

        var (credential, problem) = await credentials.OpenAsync(row.Id, ct);
        if (credential is null)
        {
            Log.NoCredential(logger, row.Endpoint.Name, problem?.Message);
            await DueAsync(row.Id, clock.GetUtcNow() + options.Value.Interval, ct);
            return true;
        }

        var at = new SwitchRef(row.Id, row.Endpoint.Name, template, credential);
        await using var lane = await lanes.TryAsync(row.Id, ct);
        if (lane is null)
        {
            await DueAsync(row.Id, clock.GetUtcNow() + Busy, ct);
            return true;
        }

        try
        {
            await using var session = await access.OpenAsync(row.Endpoint, credential, template, lane.RequireHeld, ct);
            await keep.FetchAsync(at, session, KeepConfiguration.AfterInterval, ct);
        }
        catch (DeviceException away)
        {
            await keep.FailedAsync(at, away.Message, ct);
        }
        catch (LeaseLostException lost)
        {
            Log.Overtaken(logger, row.Endpoint.Name, lost.Message);
            await DueAsync(row.Id, clock.GetUtcNow() + Busy, ct);
        }

        return true;
    }

    private async Task WorkAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(await NextAsync(ct) ? options.Value.Pause : Look, clock, ct);
            }
            catch (Exception away) when (away is NpgsqlException or CryptographicException)
            {
                Log.Trouble(logger, away.Message);
                await Task.Delay(Look, clock, ct);
            }
        }
    }

    private async Task<SwitchRow?> ClaimAsync(CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        var now = clock.GetUtcNow();
        var claimed = await db.QueryAsync(
            $"""
             update configuration_fetch set due_at = {now + Claim}
             where switch_id = (select switch_id from configuration_fetch where due_at <= {now} order by due_at for update skip locked limit 1)
             returning switch_id
             """,
            r => r.Get<long>("switch_id"), ct);
        return (await SwitchRows.ByIdsAsync(db, [.. claimed], ct)).FirstOrDefault();
    }

    private async Task DueAsync(long switchId, DateTimeOffset? at, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await db.ExecuteAsync($"update configuration_fetch set due_at = {at} where switch_id = {switchId}", ct);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 5111, Level = LogLevel.Warning, Message = "The configuration of {Switch} waits: {Why}")]
        public static partial void NoCredential(ILogger logger, string @switch, string? why);

        [LoggerMessage(EventId = 5112, Level = LogLevel.Information, Message = "The configuration of {Switch} waits: {Why}")]
        public static partial void Overtaken(ILogger logger, string @switch, string why);

        [LoggerMessage(EventId = 5113, Level = LogLevel.Warning, Message = "No configurations can be fetched: {Why}")]
        public static partial void Trouble(ILogger logger, string why);
    }
}
