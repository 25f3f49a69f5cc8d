using Npgsql;
using ProvisionSvc.Database;

namespace ProvisionSvc.Dunning;

/// <summary>
/// One billing event of an account at a time, over all processes, by a lock that ends with its transaction. Few at once here: each keeps a connection while
/// its orders need others, and together they must not take the last of them.
/// </summary>
internal sealed class AccountTurns(NpgsqlDataSource dataSource) : IDisposable
{
    private readonly SemaphoreSlim _few = new(16);

    public async Task<IAsyncDisposable> TakeAsync(string account, CancellationToken ct)
    {
        await _few.WaitAsync(ct);
        var turn = new Turn(_few);
        try
        {
            turn.Connection = await dataSource.OpenConnectionAsync(ct);
            turn.Transaction = await turn.Connection.BeginTransactionAsync(ct);
            await turn.Connection.ExecuteAsync($"select pg_advisory_xact_lock(hashtextextended({"billing/" + account}, 0))", ct);
            return turn;
        }
        catch
        {
            await turn.DisposeAsync();
            throw;
        }
    }

    public void Dispose() => _few.Dispose();

    private sealed class Turn(SemaphoreSlim few) : IAsyncDisposable
    {
        public NpgsqlConnection? Connection { get; set; }

        public NpgsqlTransaction? Transaction { get; set; }

        public async ValueTask DisposeAsync()
        {
            try
            {
                if (Transaction is not null)
                {
                    await Transaction.DisposeAsync();
                }

                if (Connection is not null)
                {
                    await Connection.DisposeAsync();
                }
            }
            finally
            {
                few.Release();
            }
        }
    }
}
