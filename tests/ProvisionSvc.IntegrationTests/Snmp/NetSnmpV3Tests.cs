using System.Globalization;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.IntegrationTests.Snmp;

/// <summary>v3 with Net-SNMP: our manager with its agent and its tools with our engine, for every pair of protocols it has.</summary>
public sealed class NetSnmpV3Tests(NetSnmpAgent agent) : IClassFixture<NetSnmpAgent>, IAsyncLifetime
{
    private readonly SnmpClient _client = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        agent.Require();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    public static TheoryData<AuthProtocol, PrivProtocol> Pairs()
    {
        var pairs = new TheoryData<AuthProtocol, PrivProtocol>();
        foreach (var user in NetSnmpAgent.Users)
        {
            pairs.Add(user.Auth, user.Priv);
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Our_manager_reads_sets_and_walks_their_agent(AuthProtocol auth, PrivProtocol priv)
    {
        var user = NetSnmpAgent.Users.Single(user => user.Auth == auth && user.Priv == priv);
        var target = new SnmpTarget(agent.EndPoint) { Security = new SnmpV3Security(user), Timeout = TimeSpan.FromSeconds(5) };
        var contact = new VarBind(Oid.Parse("1.3.6.1.2.1.1.4.0"), SnmpValue.OctetString("noc-" + Random.Shared.Next().ToString(CultureInfo.InvariantCulture)));

        Assert.Equal([contact], await _client.SetAsync(target, [contact], Ct));
        Assert.Equal([contact], await _client.GetAsync(target, [contact.Oid], Ct));
        var walk = await _client.WalkAsync(target, Oid.Parse("1.3.6.1.2.1.2"), SnmpReadLimits.Default, Ct);
        Assert.True(walk.Complete, walk.End.ToString());
        Assert.True(walk.VarBinds.Count > 10);
        Assert.Equal(0, _client.Statistics.Dropped);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Their_tool_reads_our_engine(AuthProtocol auth, PrivProtocol priv)
    {
        var user = NetSnmpAgent.Users.Single(user => user.Auth == auth && user.Priv == priv);
        await using var ours = new V3Responder(user);

        var read = await NetSnmpTool.RunAsync("snmpget", [.. NetSnmpAgent.ToolArguments(user), "-On", "-t", "5", ours.EndPoint.ToString()!, ".1.3.6.1.2.1.1.5.0"]);
        Assert.Equal([".1.3.6.1.2.1.1.5.0 = STRING: \"sw-12\""], read);
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_user_are_told_by_name()
    {
        var target = new SnmpTarget(agent.EndPoint) { Timeout = TimeSpan.FromMilliseconds(500) };
        var wrong = new UsmUser(NetSnmpAgent.Users[1].Name, NetSnmpAgent.Users[1].Auth, "not-the-password");
        var unknown = new UsmUser("nobody");

        foreach (var user in (UsmUser[])[wrong, unknown])
        {
            var exception = await Assert.ThrowsAsync<SnmpException>(() => _client.GetAsync(target with { Security = new SnmpV3Security(user) }, [SystemMib.SysName], Ct));
            Assert.Equal(SnmpFault.AuthenticationFailed, exception.Fault);
        }
    }
}
