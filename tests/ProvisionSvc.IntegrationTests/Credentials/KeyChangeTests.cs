using System.Security.Cryptography;
using ProvisionSvc.Contracts;
using ProvisionSvc.IntegrationTests.Infrastructure;

namespace ProvisionSvc.IntegrationTests.Credentials;

/// <summary>The key that credentials are sealed with: from the environment, and changed for another while the old one still opens.</summary>
public sealed class KeyChangeTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_key_seals_everything_anew_while_the_old_one_opens_what_it_sealed()
    {
        await using var database = await postgres.CreateDatabaseAsync(_ct);
        var state = Directory.CreateTempSubdirectory("provision-key-");
        var file = Path.Combine(state.FullName, "credentials.key");
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        try
        {
            await using (var service = await ServiceProcess.StartAsync(database, state.FullName, _ct))
            {
                await service.Administrator.PutAsync<CredentialView>("/api/v1/credentials/one", Credential("first-secret"), _ct);
                await service.Administrator.PutAsync<CredentialView>("/api/v1/credentials/two", Credential("second-secret"), _ct);
            }

            // Another key alone opens nothing, and breaks nothing.
            await using (var service = await ServiceProcess.StartAsync(database, state.FullName, _ct, $"--PROVISION_CREDENTIAL_KEY={key}"))
            {
                Assert.Equal(["one/1", "two/1"], (await ResealAsync(service)).Unreadable);
            }

            // Both: what is set now is sealed by the new one, and then everything is.
            await using (var service = await ServiceProcess.StartAsync(
                database, state.FullName, _ct, $"--PROVISION_CREDENTIAL_KEY={key}", $"--Provision:OldCredentialKeyFile={file}"))
            {
                await service.Administrator.PutAsync<CredentialView>("/api/v1/credentials/three", Credential("third-secret"), _ct);
                Assert.Equal((2, 1, 0), Counts(await ResealAsync(service)));
                Assert.Equal((0, 3, 0), Counts(await ResealAsync(service)));
            }

            // The new one alone; the old one is no more.
            File.Delete(file);
            await using (var service = await ServiceProcess.StartAsync(database, state.FullName, _ct, $"--PROVISION_CREDENTIAL_KEY={key}"))
            {
                Assert.Equal((0, 3, 0), Counts(await ResealAsync(service)));
                Assert.False(File.Exists(file));
            }
        }
        finally
        {
            state.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("--PROVISION_CREDENTIAL_KEY=c2hvcnQtY2FuYXJ5", "PROVISION_CREDENTIAL_KEY")]
    [InlineData("--PROVISION_CREDENTIAL_KEY_OLD=no-base64-canary!", "PROVISION_CREDENTIAL_KEY_OLD")]
    [InlineData("--Provision:OldCredentialKeyFile=/nowhere/old.key", "/nowhere/old.key")]
    public async Task A_key_that_is_none_is_refused_at_the_start_without_being_printed(string setting, string says)
    {
        await using var database = await postgres.CreateDatabaseAsync(_ct);
        var state = Directory.CreateTempSubdirectory("provision-key-");
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => ServiceProcess.StartAsync(database, state.FullName, _ct, setting));
        Assert.Contains(says, refused.Message);
        Assert.DoesNotContain("anary", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Message, StringComparison.Ordinal);
        state.Delete(recursive: true);
    }

    private static SetCredentialRequest Credential(string password) => new() { User = "provision", Password = password, SnmpReadCommunity = "readers" };

    private static (int, int, int) Counts(ResealedView view) => (view.Resealed, view.Already, view.Unreadable.Count);

    private async Task<ResealedView> ResealAsync(ServiceProcess service)
    {
        using var answer = await service.Administrator.PostAsync("/api/v1/credentials/reseal", null, _ct);
        answer.EnsureSuccessStatusCode();
        return (await System.Net.Http.Json.HttpContentJsonExtensions.ReadFromJsonAsync<ResealedView>(answer.Content, _ct))!;
    }
}
