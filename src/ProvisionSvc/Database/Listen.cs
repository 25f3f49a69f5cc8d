using Npgsql;

namespace ProvisionSvc.Database;

/// <summary>Hears what other processes notify, for as long as it runs; a hint that is missed while the database is away has to be found otherwise.</summary>
internal static class Listen
{
    /// <param name="channel">A name of ours, never a text from outside.</param>
    /// <param name="heard">Called at each notification, and once whenever listening begins: something may have been missed before.</param>
    public static async Task ToAsync(NpgsqlDataSource dataSource, string channel, Action heard, Action<string> notListening, TimeProvider clock, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await using var db = await dataSource.OpenConnectionAsync(ct);
                db.Notification += (_, _) => heard();
                await using (var listen = new NpgsqlCommand($"listen {channel}", db))
                {
                    await listen.ExecuteNonQueryAsync(ct);
                }

                heard();
                while (true)
                {
                    await db.WaitAsync(ct);
                }
            }
            catch (NpgsqlException away)
            {
                notListening(away.Message);
                await Task.Delay(TimeSpan.FromSeconds(2), clock, ct);
            }
        }
    }
}
