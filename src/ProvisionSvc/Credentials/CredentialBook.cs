using Microsoft.Extensions.Options;
using Npgsql;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Database;
using ProvisionSvc.Devices.Switches;

namespace ProvisionSvc.Credentials;

/// <summary>What one switch said to one credential, kept as rows; and the breaker, which is the count of them (T19).</summary>
/// <param name="reached">By which generation the switch was last reached, per channel, when this work began.</param>
/// <param name="byPerson">A person wants it tried now, whatever the switch said before; never against the breaker.</param>
internal sealed class CredentialBook(
    NpgsqlDataSource dataSource, CredentialGate gate, CredentialOptions options, TimeProvider clock,
    long switchId, string switchName, string name, IReadOnlyDictionary<Channel, int> reached, bool byPerson = false) : ICredentialBook
{
    public async Task<string?> BeginAsync(Channel channel, int generation, bool again, CancellationToken ct)
    {
        var door = gate.Of(name, generation);
        while (true)
        {
            var refusals = door.Refusals;
            var standing = await StandingAsync(channel, generation, ct);
            if ((again || byPerson ? standing with { Refused = false } : standing).Why(name, generation, switchName) is { } why)
            {
                return why;
            }

            if (await door.EnterAsync(channel, switchId, Math.Max(1, options.RefusalsUntilBlocked - standing.Refusals), refusals, ct))
            {
                return null;
            }
        }
    }

    public void Leave(Channel channel, int generation) => gate.Of(name, generation).Leave(channel, switchId);

    public async Task EndAsync(Channel channel, int? took, IReadOnlyList<(int Generation, string Why)> refused, CancellationToken ct)
    {
        try
        {
            if (took is not { } generation)
            {
                await RefusedAsync(channel, refused, ct);
            }
            else if (refused.Count > 0 || reached.GetValueOrDefault(channel) != generation)
            {
                await ReachedAsync(channel, generation, ct);
            }
        }
        finally
        {
            foreach (var (generation, _) in refused)
            {
                gate.Of(name, generation).Leave(channel, switchId, refused: true);
            }

            if (took is { } taken)
            {
                gate.Of(name, taken).Leave(channel, switchId, taken: true);
            }
        }
    }

    public async Task<string?> WhyNotAsync(Channel channel, int generation, CancellationToken ct) =>
        (await StandingAsync(channel, generation, ct)).Why(name, generation, switchName);

    private async Task<CredentialStanding> StandingAsync(Channel channel, int generation, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await CredentialRows.StandingAsync(db, name, generation, switchId, channel, clock.GetUtcNow() - options.RefusalWindow, ct);
    }

    /// <summary>In place of what it refused before; and where it is the last switch that had to be reached by a new generation, the old one is retired.</summary>
    private async Task ReachedAsync(Channel channel, int generation, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        var now = clock.GetUtcNow();
        await db.ExecuteAsync($"select 1 from credential where name = {name} for update", ct);
        await CredentialRows.ReachedAsync(db, name, generation, switchId, channel, now, ct);
        await CredentialRows.RetireIfProvenAsync(db, name, now, ct);
        await CredentialRows.SettleAlarmAsync(db, name, now, ct);
        await tx.CommitAsync(ct);
    }

    private async Task RefusedAsync(Channel channel, IReadOnlyList<(int Generation, string Why)> refused, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        var now = clock.GetUtcNow();
        await db.ExecuteAsync($"select 1 from credential where name = {name} for update", ct);
        foreach (var (generation, why) in refused)
        {
            await CredentialRows.RefusedAsync(db, name, generation, switchId, channel, now, options, ct);
            await CredentialRows.RaiseAlarmAsync(db, name, generation, why, now, ct);
        }

        await tx.CommitAsync(ct);
    }
}
