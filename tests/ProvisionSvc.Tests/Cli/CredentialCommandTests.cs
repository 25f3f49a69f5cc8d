using ProvisionSvc.Contracts;

namespace ProvisionSvc.Tests.Cli;

public sealed class CredentialCommandTests : IDisposable
{
    private static readonly CredentialGenerationView Current = new(1, "current", "provision", "v2c", Some.Then, 30, [], null);
    private static readonly CredentialGenerationView Next = new(2, "next", "provision", "v3", Some.Then, 8, ["sw-1", "sw-2"], Some.Then);

    private readonly string _folder = Directory.CreateTempSubdirectory("provision-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task SNMPv3_users_take_the_place_of_communities_and_their_passwords_come_from_files_and_variables()
    {
        var service = new FakeService().On("PUT /api/v1/credentials/access", Some.Credential(1, 0));
        var auth = Path.Combine(_folder, "auth");
        await File.WriteAllTextAsync(auth, "auth-secret\n", TestContext.Current.CancellationToken);

        var run = await new Run.With(service)
        {
            Environment = { ["PROVISION_SSH_PASSWORD"] = "ssh", ["PROVISION_SNMP_PRIV"] = "priv-secret", ["PROVISION_SNMP_WRITE_AUTH"] = "write-secret" },
        }.OfAsync(
            "credential", "set", "access", "--user", "provision", "--snmp-user", "poll", "--snmp-auth", "sha256", "--snmp-auth-file", auth, "--snmp-priv", "aes128",
            "--snmp-write-user", "conf", "--snmp-write-auth", "sha1", "--snmp-context", "vlan-7");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(
            """{"user":"provision","password":"ssh","snmpV3":{"reader":{"user":"poll","authProtocol":"sha256","authPassword":"auth-secret","privProtocol":"aes128","privPassword":"priv-secret"},"writer":{"user":"conf","authProtocol":"sha1","authPassword":"write-secret"},"context":"vlan-7"}}""",
            service.Body);
    }

    [Theory]
    [InlineData("--snmp-auth sha256", "--snmp-user")]
    [InlineData("--snmp-user poll", "--snmp-auth")]
    [InlineData("--snmp-user poll --snmp-auth sha3", "sha3")]
    [InlineData("--snmp-user poll --snmp-auth sha256", "--snmp-auth-file")]
    public async Task Half_a_user_is_said_to_be_half(string options, string says)
    {
        var run = await new Run.With(new FakeService()) { Environment = { ["PROVISION_SSH_PASSWORD"] = "ssh" } }.OfAsync(
            ["credential", "set", "access", "--user", "provision", .. options.Split(' ')]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(says, run.Error);
    }

    [Fact]
    public async Task Show_says_who_is_on_which_generation_and_what_remains_to_be_done()
    {
        var service = new FakeService().On("GET /api/v1/credentials/access", Some.Credential(1, 40, Current, Next) with { NotReached = 2 })
            .On("GET /api/v1/credentials/access", Some.Credential(1, 40, Current, Next) with { NotReached = 2 });

        var run = await Run.OfAsync(service, "credential", "show", "access");
        var chinese = await Run.OfAsync(service, "--lang", "zh", "credential", "show", "access");

        Assert.Equal(
            """
            credential       access
            user             provision
            generation       1 → 2
            switches         40
            not reached yet  2
            generation 1 (current, provision, v2c): 30 switches
            generation 2 (next, provision, v3): 8 switches; refused by sw-1, sw-2; tried on no further switch
            switches that take the new one are used with it; when they have been changed: provision credential prove access

            """, run.Out);
        Assert.Contains("版本 2（待验证，provision，v3）：8 台交换机；拒绝：sw-1、sw-2；不再尝试其他交换机", chinese.Out);
    }

    [Fact]
    public async Task Prove_names_the_switches_that_did_not_take_it_and_ends_with_2_then()
    {
        var service = new FakeService()
            .On("POST /api/v1/credentials/access/prove", new CredentialProofView(2, 39, [new("sw-1", "sw-1 refused the login")], Some.Credential(1, 40, Current, Next)))
            .On("POST /api/v1/credentials/access/prove", new CredentialProofView(2, 40, [], Some.Credential(2, 40)));

        var some = await Run.OfAsync(service, "credential", "prove", "access");
        var all = await Run.OfAsync(service, "credential", "prove", "access");

        Assert.Equal(2, some.ExitCode);
        Assert.StartsWith("sw-1: sw-1 refused the login\ngeneration 2 is taken by 39 switches, not by 1\n", some.Out, StringComparison.Ordinal);
        Assert.Equal(0, all.ExitCode);
    }

    [Fact]
    public async Task Retire_unlock_and_reseal_say_what_they_were_told()
    {
        var service = new FakeService()
            .On("POST /api/v1/credentials/access/retire", Some.Credential(2, 40)).On("POST /api/v1/credentials/access/unlock", Some.Credential(2, 40))
            .On("POST /api/v1/credentials/reseal", new ResealedView(3, 1, ["old/1"]));

        Assert.Equal(0, (await Run.OfAsync(service, "credential", "retire", "access", "--even-unproven")).ExitCode);
        Assert.Equal("""{"evenUnproven":true}""", service.Body);
        Assert.Equal(0, (await Run.OfAsync(service, "credential", "unlock", "access", "--why", "mended")).ExitCode);
        Assert.Equal("""{"why":"mended"}""", service.Body);
        var reseal = await Run.OfAsync(service, "credential", "reseal");
        Assert.Equal((2, "resealed    3\nalready     1\nunreadable  old/1\n"), (reseal.ExitCode, reseal.Out));
    }

    [Fact]
    public async Task Trust_engine_shows_another_engine_and_ends_with_2_until_it_is_pinned()
    {
        var service = new FakeService()
            .On("POST /api/v1/switches/sw-3/trust-engine", new EngineView("sw-3", "80001F8805AA", 7, "80001F8805BB", Some.Then, false))
            .On("POST /api/v1/switches/sw-3/trust-engine", new EngineView("sw-3", "80001F8805BB", 0, null, null, true));

        var shown = await Run.OfAsync(service, "switch", "trust-engine", "sw-3");
        var pinned = await Run.OfAsync(service, "switch", "trust-engine", "sw-3", "--engine-id", "80001F8805BB");

        Assert.Equal((2, 0), (shown.ExitCode, pinned.ExitCode));
        Assert.Contains("another answers  80001F8805BB", shown.Out);
        Assert.Equal("""{"engineId":"80001F8805BB"}""", service.Body);
    }
}
