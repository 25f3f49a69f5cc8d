using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core;
using ProvisionSvc.Database;
using ProvisionSvc.Devices.Switches;

namespace ProvisionSvc.Credentials;

/// <summary>Credentials by name; sealed in the database, opened only to be used.</summary>
internal sealed class CredentialStore(NpgsqlDataSource dataSource, CredentialKey key, TimeProvider clock)
{
    /// <summary>The credential, or null where there is none of that name.</summary>
    /// <exception cref="CryptographicException">It was sealed with another key; the message names it.</exception>
    public async Task<SwitchCredential?> FindAsync(string name, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        var row = await db.FirstAsync(
            $"select generation, ciphertext from credential where name = {name}", r => (Generation: r.Get<int>("generation"), Box: r.Get<byte[]>("ciphertext")), ct);
        if (row.Box is null)
        {
            return null;
        }

        try
        {
            var kept = JsonSerializer.Deserialize<SetCredentialRequest>(key.Open(row.Box, BoundTo(name, row.Generation)), Json.Options)
                ?? throw new CryptographicException("empty");
            return new(
                new(kept.User, Secret(kept.Password), Secret(kept.PrivateKey), Secret(kept.EnableSecret)),
                new Secret(kept.SnmpReadCommunity), Secret(kept.SnmpWriteCommunity));
        }
        catch (CryptographicException wrong)
        {
            throw new CryptographicException($"Credential \"{name}\" cannot be opened with this key; restore the key file, or set the credential again.", wrong);
        }
    }

    /// <summary>The credential, or the sentence that says why there is none to use and what to do.</summary>
    public async Task<(SwitchCredential? Credential, string? Problem)> OpenAsync(string name, CancellationToken ct)
    {
        try
        {
            return await FindAsync(name, ct) is { } found
                ? (found, null)
                : (null, $"There is no credential \"{name}\"; set it with provision credential set {name}.");
        }
        catch (CryptographicException sealedOtherwise)
        {
            return (null, sealedOtherwise.Message);
        }
    }

    /// <summary>Keeps a new generation of the credential, in the caller's transaction. Returns its number.</summary>
    public async Task<int> SaveAsync(NpgsqlConnection db, string name, SetCredentialRequest credential, CancellationToken ct)
    {
        await db.ExecuteAsync($"select pg_advisory_xact_lock(hashtext({"credential/" + name}))", ct);
        var generation = 1 + await db.FirstAsync($"select generation from credential where name = {name}", r => r.Get<int>("generation"), ct);
        var box = key.Seal(JsonSerializer.SerializeToUtf8Bytes(credential, Json.Options), BoundTo(name, generation));
        await db.ExecuteAsync(
            $"""
             insert into credential (name, user_name, generation, ciphertext, updated_at) values ({name}, {credential.User}, {generation}, {box}, {clock.GetUtcNow()})
             on conflict (name) do update set user_name = excluded.user_name, generation = excluded.generation, ciphertext = excluded.ciphertext, updated_at = excluded.updated_at
             """,
            ct);
        return generation;
    }

    private static byte[] BoundTo(string name, int generation) => Encoding.UTF8.GetBytes($"{name}/{generation}");

    private static Secret? Secret(string? text) => string.IsNullOrEmpty(text) ? null : new Secret(text);
}
