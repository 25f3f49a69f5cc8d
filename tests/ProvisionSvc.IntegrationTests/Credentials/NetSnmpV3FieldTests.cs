using System.Net;
using System.Net.Http.Json;
using ProvisionSvc.Contracts;
using ProvisionSvc.IntegrationTests.Infrastructure;
using ProvisionSvc.IntegrationTests.Snmp;

namespace ProvisionSvc.IntegrationTests.Credentials;

/// <summary>Field work in SNMPv3 on an agent that is not ours: Net-SNMP's, for each protocol that a credential may name.</summary>
public sealed class NetSnmpV3FieldTests(PostgresFixture postgres, NetSnmpAgent agent) : IClassFixture<PostgresFixture>, IClassFixture<NetSnmpAgent>
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_pair_of_protocols_reads_a_real_agent_and_a_wrong_password_is_said_once()
    {
        Requires.That(agent.EndPoint.Port != 0, "snmpd is not installed: eng/setup.sh test");
        await using var service = await RunningTestService.StartAsync(postgres, _ct, "--Provision:ManagementPrefixes:0=127.0.0.0/8", "--Provision:Role=api");
        await SmallCity.Default.ImportAsync(service.Administrator, _ct);
        await service.Database.ExecuteAsync($"update switch set address = '127.0.0.1', snmp_port = {agent.EndPoint.Port} where name = 'b1-sw1'", _ct);
        (string Word, string Name)[] auths = [("md5", "HmacMd5"), ("sha1", "HmacSha1"), ("sha224", "HmacSha224"), ("sha256", "HmacSha256"), ("sha384", "HmacSha384"), ("sha512", "HmacSha512")];
        (string? Word, string Name)[] privs = [(null, "None"), ("des", "Des"), ("aes128", "Aes128"), ("aes192", "Aes192"), ("aes256", "Aes256"), ("aes192c", "Aes192Reeder"), ("aes256c", "Aes256Reeder")];
        foreach (var (auth, priv) in from a in auths from p in privs select (a, p))
        {
            await SetAsync(service, new()
            {
                User = $"u-{auth.Name}-{priv.Name}", AuthProtocol = auth.Word, AuthPassword = "authpassword", PrivProtocol = priv.Word, PrivPassword = priv.Word is null ? null : "privpassword",
            });
            var answer = await service.Administrator.PostAsync<AgentAnswerView>("/api/v1/switches/b1-sw1/snmp", new ReadAgentRequest { Operation = "get", Oids = ["sysUpTime.0"] }, _ct);
            Assert.True(answer.Complete, $"{auth} {priv}");
        }

        await service.Database.ExecuteAsync("delete from switch_credential", _ct); // else the one before is tried as well
        await SetAsync(service, new() { User = "u-HmacSha256-None", AuthProtocol = "sha256", AuthPassword = "wrong password" });
        using var wrong = await service.Administrator.PostAsJsonAsync("/api/v1/switches/b1-sw1/snmp", new ReadAgentRequest { Operation = "get", Oids = ["sysUpTime.0"] }, _ct);
        Assert.Equal("credential-refused", (await wrong.Problem(HttpStatusCode.BadGateway, _ct)).Code);
        using var again = await service.Administrator.PostAsJsonAsync("/api/v1/switches/b1-sw1/snmp", new ReadAgentRequest { Operation = "get", Oids = ["sysUpTime.0"] }, _ct);
        Assert.Contains("not tried there again", (await again.Problem(HttpStatusCode.Conflict, _ct)).Title);
    }

    /// <summary>Each in place of the one before: nobody but this switch uses it, and that takes every one of them.</summary>
    private async Task SetAsync(RunningTestService service, SnmpUserRequest reader)
    {
        await service.Administrator.PutAsync<CredentialView>("/api/v1/credentials/lab", new SetCredentialRequest { User = "u", Password = "p", SnmpV3 = new() { Reader = reader } }, _ct);
        await service.Administrator.PostAsync<CredentialView>("/api/v1/credentials/lab/retire", new RetireCredentialRequest { EvenUnproven = true }, _ct);
    }
}
