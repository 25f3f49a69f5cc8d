using Microsoft.Extensions.Options;
using Npgsql;
using ProvisionSvc.Database;

namespace ProvisionSvc.Lanes;

/// <summary>
/// A door for whoever only reads a switch: its lane, for a moment, where nobody holds it and no order waits. So nobody reads beside a session that writes,
/// and a switch with two sessions keeps one for its people.
/// </summary>
internal sealed partial class BorrowLane(NpgsqlDataSource dataSource, LanePoke poke, TimeProvider clock, IOptions<LaneOptions> options, ILogger<BorrowLane> logger)
{
    /// <summary>The lane, or null where it is busy.</summary>
    public async Task<BorrowedLane?> TryAsync(long switchId, CancellationToken ct)
    {
        await using (var db = await dataSource.OpenConnectionAsync(ct))
        {
            await db.ExecuteAsync($"insert into lane (switch_id) values ({switchId}) on conflict (switch_id) do nothing", ct);
        }

        var owner = $"{Environment.MachineName}/{Environment.ProcessId}/reader";
        return await LaneLease.BorrowAsync(dataSource, options.Value, clock, owner, switchId, ct) is { } lease ? new(lease, GiveBackAsync) : null;
    }

    private async Task GiveBackAsync(LaneLease lease)
    {
        await using (lease)
        {
            try
            {
                await lease.ReleaseAsync(CancellationToken.None);
                poke.Hear();
            }
            catch (NpgsqlException away)
            {
                // It ends by itself then, with its lease.
                Log.NotGivenBack(logger, lease.SwitchId, away.Message);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2031, Level = LogLevel.Warning, Message = "The lane of switch {SwitchId} was not given back and ends with its lease: {Why}")]
        public static partial void NotGivenBack(ILogger logger, long switchId, string why);
    }
}

/// <summary>A borrowed lane; disposing gives it back, due for the orders that came meanwhile.</summary>
internal sealed class BorrowedLane(LaneLease lease, Func<LaneLease, Task> giveBack) : IAsyncDisposable
{
    /// <exception cref="LeaseLostException">It is ours no longer.</exception>
    public void RequireHeld() => lease.RequireHeld();

    public async ValueTask DisposeAsync() => await giveBack(lease);
}
