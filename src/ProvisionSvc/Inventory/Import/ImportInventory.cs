using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Inventory.Import;

/// <summary>
/// Takes inventory files in: parse, compare with each other and with the database, write in one transaction. The same files again change nothing.
/// Nothing is removed; what orders have decided is not changed.
/// </summary>
internal static class ImportInventory
{
    // One import at a time: two that name the same rows would wait for each other row by row.
    private const long LockKey = 0x494D5054;

    public static async Task<Results<Ok<ImportInventoryView>, ProblemHttpResult>> HandleAsync(
        Body<ImportInventoryRequest> body, ClaimsPrincipal user, NpgsqlDataSource dataSource, ImportRules rules, TimeProvider clock, CancellationToken ct,
        bool dryRun = false)
    {
        if (body.Faults.Count > 0)
        {
            return Problems.Invalid(body.Faults);
        }

        var files = body.Value.Files;
        if (files.Count == 0)
        {
            return Problems.Invalid([new Fault("no-files", "files", $"Give at least one of {string.Join(", ", InventoryFile.All.Select(f => f.Name))}.")]);
        }

        // Load
        var faults = new ImportFaults();
        var rows = ParseInventory.Parse(files, faults);
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        await db.ExecuteAsync($"select pg_advisory_xact_lock({LockKey})", ct);
        var known = await KnownInventory.LoadAsync(db, rows, ct);

        // Decide
        CheckInventory.Check(rows, known, rules, faults);
        if (faults.Count > 0)
        {
            return Problems.Invalid(faults.Locate(files));
        }

        // Save
        var now = clock.GetUtcNow();
        var counts = await SaveInventory.SaveAsync(db, files, rows, known, now, ct);
        if (dryRun || body.Value.DryRun)
        {
            // The counts are exact because everything was done; nothing of it stays.
            await tx.RollbackAsync(ct);
            return TypedResults.Ok(new ImportInventoryView(true, counts));
        }

        await db.WriteAuditAsync(now, Caller.Of(user).Name, "inventory.import", "inventory", counts, ct);
        try
        {
            await tx.CommitAsync(ct);
        }
        catch (PostgresException race) when (race.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return Problems.Conflict("inventory-changed", $"The inventory changed while the files were read ({race.ConstraintName}); nothing was written. Import them again.");
        }

        return TypedResults.Ok(new ImportInventoryView(false, counts));
    }
}
