using ProvisionSvc.DeviceLab.Faults;
using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Tests.DeviceLab;

public sealed class AgentTests
{
    private const string AdminStatus = "1.3.6.1.2.1.2.2.1.7";
    private const string OperStatus = "1.3.6.1.2.1.2.2.1.8";
    private const string IfName = "1.3.6.1.2.1.31.1.1.1.1";
    private const string HcInOctets = "1.3.6.1.2.1.31.1.1.1.6";
    private const string IfAlias = "1.3.6.1.2.1.31.1.1.1.18";

    [Fact]
    public async Task The_agent_shows_what_the_terminal_configured()
    {
        await using var lab = await TestLab.StartAsync();
        var port = lab.Port(lab.Lit);
        var answer = await lab.GetAsync(
            $"{IfName}.{port.IfIndex}", $"{IfAlias}.{port.IfIndex}", $"{AdminStatus}.{port.IfIndex}", $"{OperStatus}.{port.IfIndex}", "1.3.6.1.2.1.1.5.0");
        Assert.Equal(
            [SnmpValue.OctetString(port.IfName), SnmpValue.OctetString(port.Description), SnmpValue.Integer32(1), SnmpValue.Integer32(1), SnmpValue.OctetString(lab.First.Name)],
            answer!.Pdu.VarBinds.Select(v => v.Value));
    }

    [Fact]
    public async Task The_pvid_is_found_by_the_bridges_own_port_number()
    {
        await using var lab = await TestLab.StartAsync();
        var port = lab.Port(lab.Lit);
        var basePort = lab.First.Model.Interfaces.First(i => i.Name == lab.Lit).BasePort;
        var answer = await lab.GetAsync($"1.3.6.1.2.1.17.1.4.1.2.{basePort}", $"1.3.6.1.2.1.17.7.1.4.5.1.1.{basePort}");
        Assert.Equal([SnmpValue.Integer32(port.IfIndex), SnmpValue.Gauge32((uint)port.DefaultVlan)], answer!.Pdu.VarBinds.Select(v => v.Value));
    }

    [Fact]
    public async Task A_set_shuts_the_port_and_oper_status_follows_later()
    {
        await using var lab = await TestLab.StartAsync(o => o with { OperLag = TimeSpan.FromSeconds(4) });
        var port = lab.Port(lab.Lit);
        var answer = await lab.SetAsync($"{AdminStatus}.{port.IfIndex}", SnmpValue.Integer32(2));
        Assert.Equal(SnmpErrorStatus.NoError, answer!.Pdu.ErrorStatus);
        Assert.Equal((false, true), (lab.Port(lab.Lit).AdminUp, lab.Port(lab.Lit).OperUp));
        lab.Clock.Advance(TimeSpan.FromSeconds(4));
        Assert.False(lab.Port(lab.Lit).OperUp);

        var write = lab.Host.WriteLog.WritesOf(lab.First.Name).Single();
        Assert.Equal(("snmp", port.IfName, "shutdown", "undo shutdown", "shutdown"), (write.Channel, write.Port, write.Field, write.Before, write.After));
        Assert.Equal($"{AdminStatus}.{port.IfIndex} = Integer32 2", write.Oid);
    }

    [Fact]
    public async Task Refusals_are_those_of_a_real_agent()
    {
        await using var lab = await TestLab.StartAsync();
        var index = lab.Port(lab.Lit).IfIndex;
        var cases = new (string Oid, SnmpValue Value, string Community, SnmpErrorStatus Status)[]
        {
            ($"{AdminStatus}.{index}", SnmpValue.Integer32(2), lab.Host.ReadCommunity, SnmpErrorStatus.NoAccess),
            ($"{AdminStatus}.{index}", SnmpValue.Integer32(9), lab.Host.WriteCommunity, SnmpErrorStatus.WrongValue),
            ($"{AdminStatus}.{index}", SnmpValue.OctetString("2"), lab.Host.WriteCommunity, SnmpErrorStatus.WrongType),
            ($"{AdminStatus}.9999", SnmpValue.Integer32(2), lab.Host.WriteCommunity, SnmpErrorStatus.NoCreation),
            ($"{OperStatus}.{index}", SnmpValue.Integer32(2), lab.Host.WriteCommunity, SnmpErrorStatus.NotWritable),
            ($"{AdminStatus}.2", SnmpValue.Integer32(2), lab.Host.WriteCommunity, SnmpErrorStatus.NotWritable),
            ($"{IfAlias}.{index}", SnmpValue.OctetString(new string('x', 65)), lab.Host.WriteCommunity, SnmpErrorStatus.WrongLength),
        };
        foreach (var (oid, value, community, status) in cases)
        {
            var answer = await lab.SetAsync(oid, value, community);
            Assert.Equal((status, 1), (answer!.Pdu.ErrorStatus, answer.Pdu.ErrorIndex));
        }

        Assert.Empty(lab.Host.WriteLog.Entries);
    }

    [Fact]
    public async Task A_set_of_two_writes_neither_when_the_second_is_wrong()
    {
        await using var lab = await TestLab.StartAsync();
        var index = lab.Port(lab.Lit).IfIndex;
        var answer = await lab.AskAsync(new SnmpPdu(PduType.Set, 9,
        [
            new VarBind(Oid.Parse($"{IfAlias}.{index}"), SnmpValue.OctetString("changed")), new VarBind(Oid.Parse($"{AdminStatus}.{index}"), SnmpValue.Integer32(7)),
        ]), lab.Host.WriteCommunity);
        Assert.Equal((SnmpErrorStatus.WrongValue, 2), (answer!.Pdu.ErrorStatus, answer.Pdu.ErrorIndex));
        Assert.NotEqual("changed", lab.Port(lab.Lit).Description);
    }

    [Fact]
    public async Task A_wrong_community_gets_silence()
    {
        await using var lab = await TestLab.StartAsync();
        Assert.Null(await lab.AskAsync(new SnmpPdu(PduType.Get, 3, [VarBind.Asking(Oid.Parse("1.3.6.1.2.1.1.5.0"))]), TestLab.Silent));
    }

    [Fact]
    public async Task A_walk_by_bulk_sees_every_object_in_order_within_the_largest_message()
    {
        await using var lab = await TestLab.StartAsync(o => o with { MaxSnmpMessage = 484 });
        var at = Oid.Parse("1.3");
        var seen = new List<Oid>();
        while (true)
        {
            var answer = await lab.AskAsync(new SnmpPdu(PduType.GetBulk, 5, [VarBind.Asking(at)]) { MaxRepetitions = 50 });
            Assert.InRange(lab.LastLength, 1, 484);
            var rows = answer!.Pdu.VarBinds.TakeWhile(v => v.Value.Type != SnmpType.EndOfMibView).ToList();
            seen.AddRange(rows.Select(v => v.Oid));
            if (rows.Count < answer.Pdu.VarBinds.Count) break;
            at = rows[^1].Oid;
        }

        Assert.Equal(seen.Order().Distinct(), seen);
        Assert.Equal(lab.First.Model.Interfaces.Count, seen.Count(o => o.StartsWith(Oid.Parse(IfName))));
    }

    [Fact]
    public async Task What_is_not_there_is_named_as_such()
    {
        await using var lab = await TestLab.StartAsync();
        var answer = await lab.GetAsync($"{IfName}.9999", "1.3.6.1.2.1.99.1.0");
        Assert.Equal([SnmpValue.NoSuchInstance, SnmpValue.NoSuchObject], answer!.Pdu.VarBinds.Select(v => v.Value));
    }

    [Fact]
    public async Task Octets_grow_on_lit_ports_only_and_start_again_after_a_restart()
    {
        await using var lab = await TestLab.StartAsync();
        string[] oids = [$"{HcInOctets}.{lab.Port(lab.Lit).IfIndex}", $"{HcInOctets}.{lab.Port(lab.Dark).IfIndex}"];
        lab.Clock.Advance(TimeSpan.FromMinutes(5));
        var values = await CountersAsync(lab, oids);
        Assert.True(values[0] > 1000);
        Assert.Equal(0UL, values[1]);
        lab.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(values[0] * 2, (await CountersAsync(lab, oids))[0], 1.0);

        await lab.Host.Control.RebootAsync(lab.First.Name, renumber: false, TimeSpan.Zero, TestContext.Current.CancellationToken);
        Assert.Equal(0UL, (await CountersAsync(lab, oids))[0]);
    }

    [Fact]
    public async Task An_agent_told_to_lag_shows_an_old_picture_for_a_while()
    {
        await using var lab = await TestLab.StartAsync();
        var oid = $"{AdminStatus}.{lab.Port(lab.Lit).IfIndex}";
        lab.Host.Control.Tell(lab.First.Name, new Fault.SnmpLag(TimeSpan.FromSeconds(10)));
        await lab.GetAsync(oid);
        lab.Host.Control.EditPort(lab.First.Name, lab.Lit, p => p with { Shutdown = true });
        Assert.Equal(SnmpValue.Integer32(1), (await lab.GetAsync(oid))!.Pdu.VarBinds[0].Value);
        lab.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(SnmpValue.Integer32(2), (await lab.GetAsync(oid))!.Pdu.VarBinds[0].Value);
    }

    [Fact]
    public void Loss_takes_its_share_of_requests()
    {
        var faults = new FaultSet();
        faults.Add(new Fault.SnmpLoss(30));
        Assert.Equal(300, Enumerable.Range(0, 1000).Count(_ => faults.LosesRequest()));
    }

    private static async Task<double[]> CountersAsync(TestLab lab, string[] oids) =>
        [.. (await lab.GetAsync(oids))!.Pdu.VarBinds.Select(v => v.Value.TryGetUInt64(out var count) ? (double)count : throw new InvalidDataException("not a counter"))];

    /// <summary>By our own client, which is tried against Net-SNMP's agent elsewhere.</summary>
    [Fact]
    public async Task The_agent_answers_SNMPv3_beside_v2c_and_lets_only_the_writer_write()
    {
        await using var lab = await TestLab.StartAsync();
        await using var client = new SnmpClient();
        var port = lab.Port(lab.Lit);
        var status = Oid.Parse($"{AdminStatus}.{port.IfIndex}");
        SnmpTarget As(UsmUser user) => new(new System.Net.IPEndPoint(lab.First.Address, lab.Host.SnmpPort)) { Security = new SnmpV3Security(user) };
        var ct = TestContext.Current.CancellationToken;

        Assert.Equal(SnmpValue.Integer32(1), (await client.GetAsync(As(lab.Host.Users[0].User), [status], ct))[0].Value);
        var denied = await Assert.ThrowsAsync<SnmpException>(() => client.SetAsync(As(lab.Host.Users[0].User), [new VarBind(status, SnmpValue.Integer32(2))], ct));
        Assert.Equal(SnmpFault.NotPermitted, denied.Fault);
        await client.SetAsync(As(lab.Host.Users[1].User), [new VarBind(status, SnmpValue.Integer32(2))], ct);
        Assert.False(lab.Port(lab.Lit).AdminUp);

        Assert.Equal(0, lab.Host.RefusedUsers(lab.First.Name));
        var wrong = new UsmUser("lab-reader", AuthProtocol.HmacSha256, "another-secret", PrivProtocol.Aes128, "another-secret");
        Assert.Equal(SnmpFault.AuthenticationFailed, (await Assert.ThrowsAsync<SnmpException>(() => client.GetAsync(As(wrong), [status], ct))).Fault);
        Assert.Equal(1, lab.Host.RefusedUsers(lab.First.Name));
        Assert.NotNull(await lab.GetAsync($"{AdminStatus}.{port.IfIndex}"));
    }
}
