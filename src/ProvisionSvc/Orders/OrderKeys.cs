using Npgsql;
using ProvisionSvc.Database;

namespace ProvisionSvc.Orders;

/// <summary>One number of a client is one order, whatever happens to the answers (I2).</summary>
internal static class OrderKeys
{
    /// <summary>The order that the key was used for; a conflict where its body was another one; null where it is new.</summary>
    public static async Task<PlaceOutcome?> FindAsync(NpgsqlConnection db, string client, string externalId, byte[] bodyHash, CancellationToken ct)
    {
        var found = await db.FirstAsync(
            $"select id, body_hash from service_order where client = {client} and external_id = {externalId}",
            r => (Id: r.Get<long>("id"), Hash: r.Get<byte[]>("body_hash")),
            ct);
        return found.Hash is null ? null
            : found.Hash.AsSpan().SequenceEqual(bodyHash) ? new PlaceOutcome.Accepted(found.Id, Created: false)
            : new PlaceOutcome.Conflict(found.Id);
    }

    /// <summary>
    /// A lost COMMIT answer is not a failed COMMIT: after an error the order is looked up by its key on a new connection. Null when the commit was plain.
    /// </summary>
    public static async Task<PlaceOutcome?> CommitAsync(
        NpgsqlDataSource dataSource, NpgsqlTransaction tx, string client, string externalId, byte[] bodyHash, CancellationToken ct)
    {
        try
        {
            // Not cancellable: a client that hangs up must not leave us guessing.
            await tx.CommitAsync(CancellationToken.None);
            return null;
        }
        catch (NpgsqlException lost) when (lost is not PostgresException)
        {
            await using var db = await dataSource.OpenConnectionAsync(ct);
            return await FindAsync(db, client, externalId, bodyHash, ct) switch
            {
                PlaceOutcome.Accepted found => found with { Created = true },
                _ => throw new NpgsqlException("The order was not kept: the database went away at commit.", lost),
            };
        }
    }
}
