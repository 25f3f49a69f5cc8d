using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Database;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.Devices.Terminal;

namespace ProvisionSvc.Credentials;

/// <summary>Why a switch's credential cannot be used, and what to do.</summary>
internal sealed record CredentialProblem(string Code, string Message);

/// <summary>A switch's credential, opened to be used; or why there is none.</summary>
internal sealed record OpenedCredential(SwitchCredential? Credential, CredentialProblem? Problem);

/// <summary>Credentials by name; sealed in the database, opened only to be used.</summary>
internal sealed class CredentialStore(
    NpgsqlDataSource dataSource, CredentialKeys keys, CredentialGate gate, IOptions<CredentialOptions> options, TimeProvider clock)
{
    private sealed record SwitchState(long Id, string Name, string Credential, EnginePin? Pin, IReadOnlyDictionary<Channel, int> Reached);

    /// <summary>The credential of one switch.</summary>
    public async Task<OpenedCredential> OpenAsync(long switchId, CancellationToken ct) => (await OpenAsync([switchId], ct))[switchId];

    /// <summary>The credentials of switches, each opened once however many switches share it.</summary>
    public async Task<IReadOnlyDictionary<long, OpenedCredential>> OpenAsync(IReadOnlyCollection<long> switchIds, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        var switches = await SwitchesAsync(db, [.. switchIds], ct);
        var names = switches.Select(s => s.Credential).Distinct().ToArray();
        var sealedOnes = await db.QueryAsync(
            $"select name, generation, ciphertext from credential_generation where name = any({names}) order by generation",
            r => (Name: r.Get<string>("name"), Generation: r.Get<int>("generation"), Box: r.Get<byte[]>("ciphertext")), ct);
        var generations = names.ToDictionary(n => n, n => sealedOnes.Where(s => s.Name == n).Select(s => Open(s.Name, s.Generation, s.Box)).ToList());
        return switches.ToDictionary(s => s.Id, s => Opened(s, generations[s.Credential]));
    }

    /// <summary>The newest generation alone, for a person who wants to see that the switch takes it.</summary>
    public async Task<OpenedCredential> OpenNewestAsync(long switchId, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        var at = (await SwitchesAsync(db, [switchId], ct))[0];
        var newest = await db.QueryAsync(
            $"select generation, ciphertext from credential_generation where name = {at.Credential} order by generation desc limit 1",
            r => Open(at.Credential, r.Get<int>("generation"), r.Get<byte[]>("ciphertext")), ct);
        return Opened(at, newest, byPerson: true);
    }

    /// <summary>The generation in use as a login of its own, for what is no switch: a jump host. Or the sentence that says why there is none.</summary>
    public async Task<(TerminalLogin? Login, string? Problem)> OpenLoginAsync(string name, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return (await GenerationsAsync(db, name, ct)) is [var inUse, ..]
            ? (inUse.Login, null)
            : (null, $"There is no credential \"{name}\" that can be opened; set it with provision credential set {name}.");
    }

    /// <summary>The generations that can be opened, oldest first, in the caller's transaction.</summary>
    public async Task<IReadOnlyList<CredentialGeneration>> GenerationsAsync(NpgsqlConnection db, string name, CancellationToken ct)
    {
        var generations = await db.QueryAsync(
            $"select generation, ciphertext from credential_generation where name = {name} order by generation",
            r => Open(name, r.Get<int>("generation"), r.Get<byte[]>("ciphertext")), ct);
        return [.. generations.Select(g => g.Generation).OfType<CredentialGeneration>()];
    }

    /// <summary>Seals what was asked for as a generation of the credential, in the caller's transaction.</summary>
    public Task<int> SaveAsync(NpgsqlConnection db, string name, int generation, SetCredentialRequest request, CancellationToken ct) => db.ExecuteAsync(
        $"""
         insert into credential_generation (name, generation, user_name, snmp, ciphertext, set_at)
         values ({name}, {generation}, {request.User}, {(request.SnmpV3 is null ? "v2c" : "v3")},
                 {keys.Seal(name, generation, JsonSerializer.SerializeToUtf8Bytes(request, Json.Options))}, {clock.GetUtcNow()})
         """,
        ct);

    /// <summary>Seals with the present key what the one of before still seals, the webhooks' secrets too, in the caller's transaction.</summary>
    public async Task<ResealedView> ResealAsync(NpgsqlConnection db, CancellationToken ct)
    {
        var rows = await db.QueryAsync(
            $"""
             select name, generation, ciphertext from (
                 select name, generation, ciphertext from credential_generation union all select 'webhook/' || name, generation, secret from webhook) as sealed
             order by name, generation
             """,
            r => (Name: r.Get<string>("name"), Generation: r.Get<int>("generation"), Box: r.Get<byte[]>("ciphertext")), ct);
        var opened = rows.ConvertAll(r => (Row: r, Opened: keys.TryOpen(r.Name, r.Generation, r.Box)));
        foreach (var (row, before) in opened)
        {
            if (before is (var plain, true))
            {
                // Only what is still as it was read: one that was set anew meanwhile has the present key already.
                var box = keys.Seal(row.Name, row.Generation, plain);
                await db.ExecuteAsync(
                    $"update credential_generation set ciphertext = {box} where name = {row.Name} and generation = {row.Generation} and ciphertext = {row.Box}", ct);
                await db.ExecuteAsync($"update webhook set secret = {box} where 'webhook/' || name = {row.Name} and generation = {row.Generation} and secret = {row.Box}", ct);
            }
        }

        return new(
            opened.Count(o => o.Opened is (_, true)), opened.Count(o => o.Opened is (_, false)),
            [.. opened.Where(o => o.Opened is null).Select(o => $"{o.Row.Name}/{o.Row.Generation}")]);
    }

    private static Task<List<SwitchState>> SwitchesAsync(NpgsqlConnection db, long[] ids, CancellationToken ct) => db.QueryAsync(
        $"""
         select w.id, w.name, w.credential, w.engine_id, w.engine_boots,
                (select generation from switch_credential u where u.switch_id = w.id and u.name = w.credential and u.channel = 'terminal') as terminal,
                (select generation from switch_credential u where u.switch_id = w.id and u.name = w.credential and u.channel = 'snmp') as snmp
         from switch w where w.id = any({ids})
         """,
        r => new SwitchState(
            r.Get<long>("id"), r.Get<string>("name"), r.Get<string>("credential"),
            r.Get<byte[]?>("engine_id") is { } engine ? new EnginePin(engine, r.Get<int>("engine_boots")) : null,
            new Dictionary<Channel, int> { [Channel.Terminal] = r.Get<int>("terminal"), [Channel.Snmp] = r.Get<int>("snmp") }),
        ct);

    private (int Number, CredentialGeneration? Generation) Open(string name, int generation, byte[] box) =>
        (generation, keys.TryOpen(name, generation, box) is var (plain, _)
            ? KeptCredential.Generation(generation, JsonSerializer.Deserialize<SetCredentialRequest>(plain, Json.Options)!)
            : null);

    private OpenedCredential Opened(SwitchState at, IReadOnlyList<(int Number, CredentialGeneration? Generation)> generations, bool byPerson = false)
    {
        var readable = generations.Select(g => g.Generation).OfType<CredentialGeneration>().ToList();
        return generations.Count == 0
            ? new(null, new("credential-missing", $"There is no credential \"{at.Credential}\"; set it with provision credential set {at.Credential}."))
            : readable.Count == 0
            ? new(null, new("credential-unreadable", $"Credential \"{at.Credential}\" cannot be opened with this key; restore the key file, or set the credential again."))
            : new(new(readable, at.Reached, at.Pin, new CredentialBook(dataSource, gate, options.Value, clock, at.Id, at.Name, at.Credential, at.Reached, byPerson)), null);
    }
}
