using System.Net;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Tests.Cli;

/// <summary>Qualification, billing, alarms, credentials and tokens.</summary>
public sealed class AdministrationCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("provision-secrets-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_qualified_building_is_answered_with_its_port()
    {
        var service = new FakeService().On(
            "POST /api/v1/qualifications", new QualificationView("B-12", 100, Qualified: true, "sw-3", "GigabitEthernet0/0/7", 1007, 17, []));

        var run = await Run.OfAsync(service, "qualify", "--building", "B-12", "--mbps", "100");

        Assert.Equal("""{"building":"B-12","mbps":100}""", service.Body);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            """
            B-12 can carry 100 Mbit/s
            port        sw-3 GigabitEthernet0/0/7
            VLAN        1007
            free ports  17

            """, run.Out);
    }

    [Fact]
    public async Task A_building_that_cannot_is_answered_with_every_shortfall()
    {
        var service = new FakeService().On("POST /api/v1/qualifications", new QualificationView(
            "B-12", 1000, Qualified: false, null, null, null, 0,
            [new("no-free-port", "No port is free.", "Add a switch."), new("uplink-full", "The uplink is sold out.", "Add a link to the LAG.")]));

        var run = await Run.OfAsync(service, "qualify", "--building", "B-12", "--mbps", "1000");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            """
            B-12 cannot carry 1000 Mbit/s:
              No port is free. (no-free-port)
                remedy: Add a switch.
              The uplink is sold out. (uplink-full)
                remedy: Add a link to the LAG.

            """, run.Out);
    }

    [Theory]
    [InlineData("unpaid")]
    [InlineData("paid")]
    public async Task Billing_events_are_reported_with_an_id_and_a_time(string kind)
    {
        var service = new FakeService().On("POST /api/v1/billing/events", new BillingEventView("e-1", "1 order", [Some.Order()], []));

        var run = await Run.OfAsync(service, "billing", kind, "A-7", "--event-id", "e-1");

        Assert.Equal($$"""{"eventId":"e-1","account":"A-7","kind":"{{kind}}","occurredAt":"2030-01-31T01:00:00+00:00"}""", service.Body);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            """
            event        e-1
            consequence  1 order
            ORDER  ACTION    SERVICE  STATE         REASON  PORT
               17  activate  CN-1001  acknowledged

            """, run.Out);
    }

    [Fact]
    public async Task Alarms_are_listed_with_their_remedy_and_acknowledged()
    {
        var alarm = new AlarmView(3, "major", "sw-3 is locked", "Look at port 7, then provision switch unlock sw-3.", Some.Then, null, null);
        var service = new FakeService().On("GET /api/v1/alarms?open=true", new[] { alarm }).On("GET /api/v1/alarms", Array.Empty<AlarmView>())
            .On("POST /api/v1/alarms/3/acknowledge", alarm with { AcknowledgedBy = "noc" });

        var list = await Run.OfAsync(service, "alarm", "list");
        var all = await Run.OfAsync(service, "alarm", "list", "--all");
        var ack = await Run.OfAsync(service, "alarm", "ack", "3");

        Assert.Equal("3  major  2030-01-31 01:00:00  sw-3 is locked\n    remedy: Look at port 7, then provision switch unlock sw-3.\n", list.Out);
        Assert.Equal("no alarms\n", all.Out);
        Assert.EndsWith("    acknowledged by: noc\n", ack.Out);
    }

    [Fact]
    public async Task Tokens_are_created_listed_and_revoked()
    {
        var service = new FakeService()
            .On("POST /api/v1/tokens", new CreatedTokenView("crm", "sales", [3, 4], "pv_secret"), HttpStatusCode.Created)
            .On("GET /api/v1/tokens", new[] { new TokenView("crm", "sales", [3, 4], Some.Then, null), new TokenView("audit", "auditor", [], Some.Then, Some.Then) })
            .OnText("DELETE /api/v1/tokens/crm", "", HttpStatusCode.NoContent);

        var create = await Run.OfAsync(service, "token", "create", "crm", "--role", "sales", "--district", "3", "--district", "4");
        Assert.Equal("""{"name":"crm","role":"sales","districts":[3,4]}""", service.Body);
        var list = await Run.OfAsync(service, "token", "list");
        var revoke = await Run.OfAsync(service, "token", "revoke", "crm");

        Assert.Contains("token      pv_secret\n", create.Out);
        Assert.Equal(
            """
            NAME   ROLE     DISTRICTS  CREATED              REVOKED
            crm    sales    3, 4       2030-01-31 01:00:00
            audit  auditor  all        2030-01-31 01:00:00  2030-01-31 01:00:00

            """, list.Out);
        Assert.Equal((0, "token crm is revoked\n"), (revoke.ExitCode, revoke.Out));
    }

    [Fact]
    public async Task Credentials_are_listed_without_anything_secret()
    {
        var service = new FakeService().On("GET /api/v1/credentials", new[] { Some.Credential(2, 40) });

        var run = await Run.OfAsync(service, "credential", "list");

        Assert.Equal(
            """
            NAME    USER       GENERATION  SWITCHES  UPDATED
            access  provision           2        40  2030-01-31 01:00:00

            """, run.Out);
    }

    [Fact]
    public async Task Secrets_come_from_files_and_variables()
    {
        var service = new FakeService().On("PUT /api/v1/credentials/access", Some.Credential(1, 0));
        var key = await WriteAsync("key", "-----BEGIN-----\nabc\n-----END-----\n");

        var run = await new Run.With(service) { Environment = { ["PROVISION_SNMP_READ"] = "read-me", ["PROVISION_ENABLE_SECRET"] = "en" } }.OfAsync(
            "credential", "set", "access", "--user", "provision", "--private-key-file", key, "--snmp-write-file", await WriteAsync("write", "write-me\n"));

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            """{"user":"provision","privateKey":"-----BEGIN-----\nabc\n-----END-----\n","enableSecret":"en","snmpReadCommunity":"read-me","snmpWriteCommunity":"write-me"}""",
            service.Body);
    }

    [Fact]
    public async Task A_person_is_asked_for_what_is_missing_and_a_script_is_told()
    {
        var service = new FakeService().On("PUT /api/v1/credentials/access", Some.Credential(1, 0));

        var asked = await new Run.With(service) { AskSecret = what => $"<{what}>" }.OfAsync("credential", "set", "access", "--user", "provision");
        var script = await Run.OfAsync(service, "credential", "set", "access", "--user", "provision");

        Assert.Equal(0, asked.ExitCode);
        Assert.Single(service.Requests);
        Assert.Equal("<password>", service.BodyJson.GetProperty("password").GetString());
        Assert.Equal("<SNMP read community>", service.BodyJson.GetProperty("snmpReadCommunity").GetString());
        Assert.Equal((1, "provision: the password is missing: give --password-file FILE or set PROVISION_SSH_PASSWORD; at a terminal it is asked for.\n"), (script.ExitCode, script.Error));
    }

    [Fact]
    public async Task No_secret_can_be_given_on_the_command_line()
    {
        var help = await Run.OfAsync(new FakeService(), "credential", "set", "--help");
        var run = await Run.OfAsync(new FakeService(), "credential", "set", "access", "--user", "provision", "--password", "hunter2");

        Assert.Contains("never from the", help.Out);
        Assert.Equal(1, run.ExitCode);
    }

    private async Task<string> WriteAsync(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
        return path;
    }
}
