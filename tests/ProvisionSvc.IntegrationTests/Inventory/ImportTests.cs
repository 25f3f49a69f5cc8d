using System.Net;
using System.Text;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.IntegrationTests.Infrastructure;

namespace ProvisionSvc.IntegrationTests.Inventory;

public sealed class ImportTests(PostgresFixture postgres, ApiFixture fixture) : IClassFixture<ApiFixture>, IAsyncLifetime
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    private RunningTestService Service => fixture.Service;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Every test begins with an empty inventory.</summary>
    public async ValueTask DisposeAsync() => await SqlAsync("truncate district, customer, service_order, alarm, audit cascade");

    [Fact]
    public async Task A_city_is_imported_and_the_same_files_again_change_nothing()
    {
        var first = await SmallCity.Default.ImportAsync(Service.Administrator, _ct);
        Assert.Equal(
            ["districts 2", "nodes 2", "buildings 3", "switches 3", "ports 24", "links 3", "customers 2", "accounts 2", "groups 1", "services 2", "attachments 2"],
            first.Counts.Select(c => $"{c.Kind} {c.Added}"));
        Assert.All(first.Counts, c => Assert.Equal((0, 0), (c.Changed, c.Unchanged)));

        var second = await SmallCity.Default.ImportAsync(Service.Administrator, _ct);
        Assert.All(second.Counts, c => Assert.Equal((0, 0), (c.Added, c.Changed)));
        Assert.Equal(first.Counts.Select(c => c.Added), second.Counts.Select(c => c.Unchanged));
    }

    [Fact]
    public async Task A_dry_run_counts_and_writes_nothing()
    {
        var counted = await SmallCity.Default.ImportAsync(Service.Administrator, _ct, dryRun: true);
        Assert.True(counted.DryRun);
        Assert.Equal(24, counted.Counts.Single(c => c.Kind == "ports").Added);
        Assert.Equal(0, await CountAsync("select count(*) from node"));
        Assert.Equal(0, await CountAsync("select count(*) from audit where action = 'inventory.import'"));
    }

    [Fact]
    public async Task Only_what_differs_is_changed()
    {
        await SmallCity.Default.ImportAsync(Service.Administrator, _ct);
        var changed = await SmallCity.Default
            .Edit("buildings.csv", "2 Second Street", "4 Second Street")
            .Edit("links.csv", "GigabitEthernet0/0/7;GigabitEthernet0/0/8,n2,2000", "GigabitEthernet0/0/7,n2,2000")
            .ImportAsync(Service.Administrator, _ct);
        Assert.Equal(
            ["buildings 1", "links 1"], changed.Counts.Where(c => c.Changed > 0).Select(c => $"{c.Kind} {c.Changed}"));
        Assert.Equal(5, await CountAsync("select count(*) from link_port"));
    }

    [Fact]
    public async Task New_switches_are_only_observed()
    {
        await SmallCity.Default.ImportAsync(Service.Administrator, _ct);
        var switches = await Service.Administrator.GetAsync<IReadOnlyList<SwitchView>>("/api/v1/switches", _ct);
        Assert.All(switches, s => Assert.Equal("observe", s.Mode));
    }

    [Fact]
    public async Task Every_fault_is_said_with_file_line_and_column_and_nothing_is_written()
    {
        var problem = await RefusedAsync(SmallCity.Default
            .Edit("nodes.csv", "n2,2,1000,2,100,199", "n2,7,fast,2,100,99999")
            .Edit("buildings.csv", "b2,2 Second Street,2,n2", "b2,2 Second Street,2,n9")
            .Edit("switches.csv", "127.10.0.2", "169.254.169.254")
            .Edit("switches.csv", "b2-sw1,b2,huawei-vrp5", "b2-sw1,b2,no-such-vendor")
            .With("notes.csv", "text\n"));
        Assert.Equal(
            [
                "nodes.csv:3:6 invalid-rate", "nodes.csv:3:17 invalid-number", "buildings.csv:3:22 unknown-node", "switches.csv:3:23 invalid-address",
                "switches.csv:4:11 unknown-template", "notes.csv:1:1 unknown-file",
            ],
            problem.Faults.Select(f => $"{f.Field} {f.Code}"));
        Assert.Equal(0, await CountAsync("select count(*) from district"));
    }

    [Fact]
    public async Task Columns_are_counted_in_characters_also_behind_quotes_and_chinese()
    {
        var problem = await RefusedAsync(SmallCity.Default.With("customers.csv", "code,name,segment\nc1,\"\"\"第一\"\", 公司\",huge\nc2,第二公司,large\n"));
        Assert.Equal("customers.csv:2:17 unknown-word", $"{problem.Faults.Single().Field} {problem.Faults.Single().Code}");
    }

    [Theory]
    [InlineData("nodes.csv", "name,district,uplink_mbps,oversubscription,vlan_first\n", "1:1 missing-header")]
    [InlineData("nodes.csv", "name,district,uplink_mbps,oversubscription,vlan_first,vlan_last,colour\n", "1:65 unknown-header")]
    [InlineData("nodes.csv", "name,district,uplink_mbps,oversubscription,vlan_first,vlan_last,name\n", "1:65 double-header")]
    [InlineData("nodes.csv", "", "1:1 missing-header")]
    [InlineData("groups.csv", "name,customer\ng1,c2,more\n", "2:1 malformed-line")]
    [InlineData("groups.csv", "name,customer\ng1\n", "2:1 malformed-line")]
    [InlineData("groups.csv", "name,customer\n\"g1,c2\n", "2:1 malformed-line")]
    [InlineData("groups.csv", "name,customer\ng\"1,c2\n", "2:1 malformed-line")]
    [InlineData("groups.csv", "name,customer\ng1,c2\ng1,c1\n", "3:1 double-key")]
    [InlineData("groups.csv", "name,customer\n,c2\n", "2:1 missing-value")]
    [InlineData("groups.csv", "name,customer\ng\u00011,c2\n", "2:1 unprintable-character")]
    [InlineData("groups.csv", "name,customer\ng\u20281,c2\n", "2:1 unprintable-character")]
    [InlineData("groups.csv", "name,customer\ng\u202e1,c2\n", "2:1 unprintable-character")]
    [InlineData("groups.csv", "name,customer\ng\ufffd1,c2\n", "2:1 unprintable-character")]
    [InlineData("groups.csv", "name,customer\ng1,c9\n", "2:4 unknown-customer")]
    [InlineData("accounts.csv", "number,customer,district,monthly_value\na1,c1,1,1e3\na2,c2,2,\n", "2:9 invalid-number")]
    [InlineData("links.csv", "name,switch,if_names,node,speed_mbps\nl,b1-sw1,GigabitEthernet0/0/1,n1,1000\n", "2:10 not-an-uplink")]
    [InlineData("links.csv", "name,switch,if_names,node,speed_mbps\nl,b1-sw1,GigabitEthernet0/0/9,n1,1000\n", "2:10 unknown-port")]
    [InlineData("links.csv", "name,switch,if_names,node,speed_mbps\nl,b1-sw1,GigabitEthernet0/0/7;,n1,1000\n", "2:10 empty-member")]
    [InlineData("attachments.csv", "circuit_id,switch,if_name,vlan,tagged\ncircuit-1,b1-sw1,GigabitEthernet0/0/7,100,false\n", "2:18 port-not-customer")]
    [InlineData("attachments.csv", "circuit_id,switch,if_name,vlan,tagged\ncircuit-1,b1-sw1,GigabitEthernet0/0/9,100,false\n", "2:18 unknown-port")]
    [InlineData("attachments.csv", "circuit_id,switch,if_name,vlan,tagged\ncircuit-1,b9-sw1,GigabitEthernet0/0/1,100,false\n", "2:11 unknown-switch")]
    [InlineData("attachments.csv", "circuit_id,switch,if_name,vlan,tagged\ncircuit-1,b1-sw1,GigabitEthernet0/0/1,99,false\n", "2:39 vlan-outside-range")]
    [InlineData("attachments.csv", "circuit_id,switch,if_name,vlan,tagged\ncircuit-9,b1-sw1,GigabitEthernet0/0/1,100,false\n", "2:1 unknown-service")]
    [InlineData("attachments.csv", "circuit_id,switch,if_name,vlan,tagged\ncircuit-1,b1-sw1,GigabitEthernet0/0/1,100,true\n", "2:43 tagged-not-possible")]
    [InlineData("attachments.csv", "circuit_id,switch,if_name,vlan,tagged\ncircuit-1,b1-sw1,GigabitEthernet0/0/1,100,false\ncircuit-2,b1-sw1,GigabitEthernet0/0/1,101,false\n", "3:18 double-key")]
    public async Task A_fault_in_one_file_is_named(string file, string text, string expected)
    {
        var problem = await RefusedAsync(SmallCity.Default.Edit("services.csv", ",g1,", ",,").With(file, text));
        Assert.Contains($"{file}:{expected}", problem.Faults.Select(f => $"{f.Field} {f.Code}"));
        Assert.All(problem.Faults, f => Assert.StartsWith(file, f.Field));
    }

    [Theory]
    [InlineData("10.0.0.1", "outside-prefix")]
    [InlineData("::1", "outside-prefix")]
    [InlineData("169.254.169.254", "invalid-address")]
    [InlineData("fe80::1", "invalid-address")]
    [InlineData("fe80::1%1", "invalid-address")]
    [InlineData("2130706433", "invalid-address")]
    [InlineData("0x7f.0.0.1", "invalid-address")]
    [InlineData("127.1", "invalid-address")]
    [InlineData("127.000.000.001", "invalid-address")]
    [InlineData("::ffff:127.0.0.1", "invalid-address")]
    [InlineData("::ffff:7f00:1", "invalid-address")]
    [InlineData("[::1]", "invalid-address")]
    [InlineData("127.0.0.1:22", "invalid-address")]
    [InlineData("localhost", "invalid-address")]
    [InlineData("0.0.0.0", "invalid-address")]
    [InlineData("255.255.255.255", "invalid-address")]
    [InlineData("224.0.0.1", "invalid-address")]
    public async Task A_switch_is_nowhere_but_in_the_management_prefixes_T11(string address, string code)
    {
        var problem = await RefusedAsync(SmallCity.Default.Edit("switches.csv", "127.10.0.1", address));
        Assert.Equal(code, problem.Faults.Single().Code);
    }

    [Fact]
    public async Task Byte_order_marks_line_ends_blank_lines_column_order_and_surrounding_blanks_do_not_matter()
    {
        var city = new SmallCity(SmallCity.Default.Files.ToDictionary(f => f.Key, f => "\uFEFF" + f.Value.Replace("\n", "\r\n", StringComparison.Ordinal)))
            .With("groups.csv", "customer,name\r\n\r\n c2 , g1 ");
        Assert.Equal(24, (await city.ImportAsync(Service.Administrator, _ct)).Counts.Single(c => c.Kind == "ports").Added);
        Assert.All((await SmallCity.Default.ImportAsync(Service.Administrator, _ct)).Counts, c => Assert.Equal((0, 0), (c.Added, c.Changed)));
    }

    [Fact]
    public async Task Formulas_and_quotes_are_text_T10()
    {
        await SmallCity.Default.With("customers.csv", "code,name,segment\nc1,\"=HYPERLINK(\"\"x\"\";1+1)\",small\nc2,@SUM(A1),large\n").ImportAsync(Service.Administrator, _ct);
        Assert.Equal(["=HYPERLINK(\"x\";1+1)", "@SUM(A1)"], await TextsAsync("select name from customer order by code"));
    }

    [Fact]
    public async Task A_row_with_a_fault_is_blamed_once_not_by_everything_that_refers_to_it()
    {
        var problem = await RefusedAsync(SmallCity.Default.Edit("nodes.csv", "n1,1,10000", "n1,1,zero").Edit("services.csv", "circuit-2,a2,b2,g1,200", "circuit-2,a2,b2,g1,-200"));
        Assert.Equal(["nodes.csv:2:6", "services.csv:3:20"], problem.Faults.Select(f => f.Field));
    }

    [Fact]
    public async Task Two_switches_may_swap_addresses_but_not_share_one()
    {
        await SmallCity.Default.ImportAsync(Service.Administrator, _ct);
        var swapped = SmallCity.Default.Only("switches.csv").Edit("switches.csv", "127.10.0.1", "x").Edit("switches.csv", "127.10.0.2", "127.10.0.1").Edit("switches.csv", ",x,", ",127.10.0.2,");
        Assert.Equal(2, (await swapped.ImportAsync(Service.Administrator, _ct)).Counts.Single().Changed);

        var taken = new SmallCity(new Dictionary<string, string>
        {
            ["switches.csv"] = "name,building,template,address,snmp_port,ssh_port,credential,serial,host_key_sha256\nb2-sw2,b2,huawei-vrp5,127.10.0.3,1161,1022,lab,,\n",
        });
        Assert.Equal("switches.csv:2:23 address-taken", Codes(await RefusedAsync(taken)).Single());
    }

    [Fact]
    public async Task A_trusted_host_key_is_kept_and_not_replaced()
    {
        const string key = "SHA256:" + "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFE";
        await SmallCity.Default.Edit("switches.csv", "lab,S1,", $"lab,S1,{key}").ImportAsync(Service.Administrator, _ct);
        Assert.Equal(0, (await SmallCity.Default.ImportAsync(Service.Administrator, _ct)).Counts.Single(c => c.Kind == "switches").Changed);
        Assert.Equal([key], await TextsAsync("select host_key_sha256 from switch where host_key_sha256 is not null"));
        Assert.Equal("switches.csv:2:51 host-key-differs", Codes(await RefusedAsync(SmallCity.Default.Edit("switches.csv", "lab,S1,", $"lab,S1,{key[..^1]}A"))).Single());
        Assert.Equal("switches.csv:2:51 invalid-host-key", Codes(await RefusedAsync(SmallCity.Default.Edit("switches.csv", "lab,S1,", "lab,S1,md5:00"))).Single());
    }

    [Fact]
    public async Task An_inactive_service_comes_with_a_hold_so_that_nothing_lights_it_by_accident()
    {
        var city = SmallCity.Default.Edit("services.csv", "100,50,active", "100,50,inactive");
        await city.ImportAsync(Service.Administrator, _ct);
        await city.ImportAsync(Service.Administrator, _ct);
        var dark = await Service.Administrator.GetAsync<ServiceView>("/api/v1/services/circuit-1", _ct);
        Assert.Equal(("engineering", "import"), (dark.Holds.Single().Kind, dark.Holds.Single().Owner));

        await SmallCity.Default.ImportAsync(Service.Administrator, _ct);
        var lit = await Service.Administrator.GetAsync<ServiceView>("/api/v1/services/circuit-1", _ct);
        Assert.NotNull(lit.Holds.Single().ReleasedAt);
    }

    [Fact]
    public async Task A_line_that_no_order_knows_may_be_corrected_to_other_ports_even_crosswise()
    {
        await SmallCity.Default.ImportAsync(Service.Administrator, _ct);
        var crossed = SmallCity.Default.Only("attachments.csv").With(
            "attachments.csv", "circuit_id,switch,if_name,vlan,tagged\ncircuit-2,b1-sw1,GigabitEthernet0/0/1,100,false\ncircuit-1,b2-sw1,GigabitEthernet0/0/1,150,false\n");
        await crossed.ImportAsync(Service.Administrator, _ct);
        Assert.Equal(
            ["circuit-1 b2-sw1 150", "circuit-2 b1-sw1 100"],
            await TextsAsync("""
                select s.circuit_id || ' ' || w.name || ' ' || a.vlan from service_attachment a join service s on s.id = a.service_id join port p on p.id = a.port_id
                join switch w on w.id = p.switch_id where a.ended_at is null order by 1
                """));

        var taken = SmallCity.Default.Only("attachments.csv").With(
            "attachments.csv", "circuit_id,switch,if_name,vlan,tagged\ncircuit-2,b2-sw1,GigabitEthernet0/0/1,100,false\n");
        Assert.Equal("attachments.csv:2:18 port-taken", Codes(await RefusedAsync(taken)).Single());
    }

    [Fact]
    public async Task What_orders_decided_an_import_repeats_but_never_changes()
    {
        await SmallCity.Default.ImportAsync(Service.Administrator, _ct);
        await SqlAsync("""
            insert into port_intent (port_id, version, admin_status, rates_elsewhere, expected, derived_at)
            select port_id, 1, 'up', false, '{}', now() from service_attachment a join service s on s.id = a.service_id where s.circuit_id = 'circuit-1'
            """);
        Assert.All((await SmallCity.Default.ImportAsync(Service.Administrator, _ct)).Counts, c => Assert.Equal((0, 0), (c.Added, c.Changed)));

        // Suspended or not is the holds' business.
        await SqlAsync("update service set state = 'inactive' where circuit_id = 'circuit-1'");
        Assert.All((await SmallCity.Default.ImportAsync(Service.Administrator, _ct)).Counts, c => Assert.Equal((0, 0), (c.Added, c.Changed)));

        var problem = await RefusedAsync(SmallCity.Default
            .Edit("attachments.csv", "circuit-1,b1-sw1,GigabitEthernet0/0/1,100", "circuit-1,b1-sw1,GigabitEthernet0/0/2,100")
            .Edit("services.csv", "circuit-1,a1,b1,,100,50,active", "circuit-1,a1,b1,,300,50,terminated")
            .Edit("switches.csv", "b1-sw1,b1,huawei-vrp5", "b1-sw1,b2,open-vswitch"));
        Assert.Equal(
            [
                "switches.csv:2:8 switch-ordered", "switches.csv:2:11 switch-ordered", "services.csv:2:18 service-ordered", "services.csv:2:25 service-ordered",
                "attachments.csv:2:1 service-terminated", "attachments.csv:2:18 service-ordered",
            ],
            Codes(problem));
        Assert.Equal("ports.csv:2:29 port-ordered", Codes(await RefusedAsync(SmallCity.Default.Only("ports.csv").Edit("ports.csv", "b1-sw1,GigabitEthernet0/0/1,customer", "b1-sw1,GigabitEthernet0/0/1,reserved"))).Single());
    }

    [Fact]
    public async Task Text_that_is_not_utf8_is_a_clear_fault()
    {
        byte[] body = [.. "{\"files\":{\"groups.csv\":\"name,customer\\ng"u8, 0xff, 0xfe, .. ",c2\\n\"}}"u8];
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
        using var answer = await Service.Administrator.PostAsync("/api/v1/inventory/imports", content, _ct);
        var problem = await answer.Problem(HttpStatusCode.UnprocessableEntity, _ct);
        Assert.Equal("not-utf8", problem.Faults.Single().Code);
    }

    [Theory]
    [InlineData("{\"files\":{}}")]
    [InlineData("{\"files\":null}")]
    [InlineData("{\"files\":{\"nodes.csv\":null}}")]
    [InlineData("{\"files\":{\"nodes.csv\":1}}")]
    [InlineData("{\"files\":{\"nodes.csv\":\"\\ud800\"}}")]
    [InlineData("{\"files\":{\"a\":\"\"},\"more\":1}")]
    [InlineData("[]")]
    [InlineData("{")]
    public async Task A_body_that_is_no_import_is_refused(string body)
    {
        using var answer = await Service.Administrator.PostAsync("/api/v1/inventory/imports", new StringContent(body, Encoding.UTF8, "application/json"), _ct);
        var problem = await answer.Problem(HttpStatusCode.UnprocessableEntity, _ct);
        Assert.NotEmpty(problem.Faults);
    }

    [Fact]
    public async Task Too_many_faults_are_cut_with_a_word()
    {
        var city = SmallCity.Default.With("groups.csv", "name,customer\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"g{i},nobody\n")));
        var problem = await RefusedAsync(city);
        Assert.Equal(1001, problem.Faults.Count);
        Assert.Contains("4000 more faults", problem.Faults[^1].Message);
    }

    [Fact]
    public async Task Two_imports_at_once_both_succeed()
    {
        await using var service = await RunningTestService.StartAsync(postgres, _ct, "--Provision:ManagementPrefixes:0=127.0.0.0/8");
        var views = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SmallCity.Default.ImportAsync(service.Administrator, _ct)));
        Assert.Equal(24, views.Sum(v => v.Counts.Single(c => c.Kind == "ports").Added));
    }

    private static IEnumerable<string> Codes(ProblemView problem) => problem.Faults.Select(f => $"{f.Field} {f.Code}");

    private Task<ProblemView> RefusedAsync(SmallCity city) =>
        Service.Administrator.RefusedAsync(HttpStatusCode.UnprocessableEntity, "/api/v1/inventory/imports", city.Request(), _ct);

    private async Task SqlAsync(string sql)
    {
        await using var owner = new NpgsqlConnection(Service.Database.Owner);
        await owner.OpenAsync(_ct);
        await using var command = new NpgsqlCommand(sql, owner);
        await command.ExecuteNonQueryAsync(_ct);
    }

    private async Task<long> CountAsync(string sql)
    {
        await using var command = Service.Database.DataSource.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(_ct))!;
    }

    private async Task<IReadOnlyList<string>> TextsAsync(string sql)
    {
        await using var command = Service.Database.DataSource.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(_ct);
        var texts = new List<string>();
        while (await reader.ReadAsync(_ct))
        {
            texts.Add(reader.GetString(0));
        }

        return texts;
    }
}
