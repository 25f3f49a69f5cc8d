using System.Net;
using System.Net.Http.Json;
using System.Text;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core;
using ProvisionSvc.Credentials;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.IntegrationTests.Infrastructure;

namespace ProvisionSvc.IntegrationTests.Credentials;

public sealed class CredentialTests(ApiFixture fixture, PostgresFixture postgres) : IClassFixture<ApiFixture>
{
    private static readonly SetCredentialRequest Lab = new() { User = "provision", Password = "first-secret", SnmpReadCommunity = "readers", SnmpWriteCommunity = "writers" };
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_put_is_a_new_generation_and_the_newest_is_found()
    {
        var first = await PutAsync("two-generations", Lab);
        var second = await PutAsync("two-generations", Lab with { Password = null, PrivateKey = "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n", EnableSecret = "more" });
        Assert.Equal((1, 2, "provision"), (first.Generation, second.Generation, second.User));

        // None was ever used, so there is nothing to prove before the first one goes.
        var found = Assert.Single(await OpenAsync(fixture.Service, "two-generations"));
        Assert.Null(found.Login.Password);
        Assert.StartsWith("-----BEGIN", found.Login.PrivateKey?.Reveal());
        Assert.Equal("more", found.Login.EnableSecret?.Reveal());
        Assert.Equal(new AgentLogin.Communities(new Secret("readers"), new Secret("writers")), found.Agent);
        Assert.DoesNotContain("readers", found.ToString());
        Assert.Empty(await OpenAsync(fixture.Service, "nobody"));
    }

    [Fact]
    public async Task A_changed_or_swapped_row_or_another_key_opens_nothing()
    {
        await PutAsync("one", Lab);
        await PutAsync("other", Lab with { Password = "other-secret" });
        await fixture.Service.Database.ExecuteAsync("update credential_generation set ciphertext = (select ciphertext from credential_generation where name = 'other') where name = 'one'", _ct);
        Assert.Empty(await OpenAsync(fixture.Service, "one"));
        Assert.Single(await OpenAsync(fixture.Service, "other"));
        await fixture.Service.Database.ExecuteAsync("update credential_generation set ciphertext = set_byte(ciphertext, 40, get_byte(ciphertext, 40) # 1) where name = 'other'", _ct);
        Assert.Empty(await OpenAsync(fixture.Service, "other"));
        await fixture.Service.Database.ExecuteAsync("update credential_generation set ciphertext = '\\x00' where name = 'other'", _ct);
        Assert.Empty(await OpenAsync(fixture.Service, "other"));
    }

    [Fact]
    public async Task The_key_is_made_once_for_its_owner_only_and_survives_a_restart()
    {
        await using var service = await RunningTestService.StartAsync(postgres, _ct);
        await service.Administrator.PutAsync<CredentialView>("/api/v1/credentials/kept", Lab, _ct);
        var file = Path.Combine(service.StateDirectory, "credentials.key");
        Assert.Equal((UnixFileMode.UserRead | UnixFileMode.UserWrite, 32L), (File.GetUnixFileMode(file), new FileInfo(file).Length));
        await service.RestartAsync(_ct);
        Assert.Equal("first-secret", (await OpenAsync(service, "kept"))[0].Login.Password?.Reveal());
    }

    [Theory]
    [InlineData("", 32, UnixFileMode.UserRead | UnixFileMode.GroupRead, "chmod 600")]
    [InlineData("", 31, UnixFileMode.UserRead, "31 bytes")]
    public void A_key_that_others_can_read_or_that_is_none_is_refused(string name, int size, UnixFileMode mode, string says)
    {
        var file = Path.GetTempFileName() + name;
        File.WriteAllBytes(file, new byte[size]);
        File.SetUnixFileMode(file, mode);
        Assert.Contains(says, Assert.Throws<InvalidOperationException>(() => CredentialKey.Load(file)).Message);
        File.Delete(file);
    }

    [Theory]
    [InlineData("{\"user\":\"u\",\"snmpReadCommunity\":\"r\"}", "password")]
    [InlineData("{\"user\":\"u\",\"password\":\"a\\nreload\",\"snmpReadCommunity\":\"r\"}", "password")]
    [InlineData("{\"user\":\"u\\r\",\"password\":\"p\",\"snmpReadCommunity\":\"r\"}", "user")]
    [InlineData("{\"user\":\"u\",\"password\":\"p\",\"snmpReadCommunity\":\"r\\u0000\"}", "snmpReadCommunity")]
    [InlineData("{\"user\":\"u\",\"password\":\"p\",\"snmpReadCommunity\":\"\"}", "snmpReadCommunity")]
    [InlineData("{\"user\":\"u\",\"password\":\"p\"}", "snmpReadCommunity")]
    [InlineData("{\"user\":\"u\",\"privateKey\":\"my key\",\"snmpReadCommunity\":\"r\"}", "privateKey")]
    [InlineData("{\"user\":\"u\",\"password\":\"p\",\"snmpReadCommunity\":\"r\",\"generation\":7}", "generation")]
    public async Task What_cannot_be_a_credential_is_refused(string body, string field)
    {
        using var answer = await fixture.Service.Administrator.PutAsync("/api/v1/credentials/bad", new StringContent(body, Encoding.UTF8, "application/json"), _ct);
        Assert.Equal(field, Assert.Single((await answer.Problem(HttpStatusCode.UnprocessableEntity, _ct)).Faults).Field);
    }

    [Fact]
    public async Task All_faults_of_an_SNMPv3_credential_are_said_at_once_without_repeating_a_secret()
    {
        const string Body = """
            {"user":"","password":"p","snmpReadCommunity":"r","privateKeyPassphrase":"x","snmpV3":{
              "reader":{"user":"","authProtocol":"sha3","authPassword":"canary1","privProtocol":"rot13","privPassword":"canary\u0007canary"},
              "writer":{"user":"w","authProtocol":"sha256","authPassword":"canary-canary","privPassword":"canary-canary"},"context":"a\u0000"}}
            """;
        using var answer = await fixture.Service.Administrator.PutAsync("/api/v1/credentials/bad%20name", new StringContent(Body, Encoding.UTF8, "application/json"), _ct);
        var problem = await answer.Problem(HttpStatusCode.UnprocessableEntity, _ct);
        Assert.Equal(
            [
                "name", "privateKeyPassphrase", "snmpV3", "snmpV3.context", "snmpV3.reader.authPassword", "snmpV3.reader.authProtocol", "snmpV3.reader.privPassword",
                "snmpV3.reader.privProtocol", "snmpV3.reader.user", "snmpV3.writer.privProtocol", "user",
            ],
            problem.Faults.Select(f => f.Field).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("canary", await answer.Content.ReadAsStringAsync(_ct), StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<CredentialGeneration>> OpenAsync(RunningTestService service, string name)
    {
        await using var db = await service.Get<NpgsqlDataSource>().OpenConnectionAsync(_ct);
        return await service.Get<CredentialStore>().GenerationsAsync(db, name, _ct);
    }

    private Task<CredentialView> PutAsync(string name, SetCredentialRequest request) => fixture.Service.Administrator.PutAsync<CredentialView>($"/api/v1/credentials/{name}", request, _ct);
}
