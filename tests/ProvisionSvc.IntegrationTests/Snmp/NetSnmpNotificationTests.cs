using System.Net;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.IntegrationTests.Snmp;

/// <summary>Net-SNMP's snmptrap and snmpinform at our receiver.</summary>
public sealed class NetSnmpNotificationTests : IAsyncLifetime
{
    private static readonly UsmUser User = NetSnmpAgent.Users.Single(user => user is { Auth: AuthProtocol.HmacSha256, Priv: PrivProtocol.Aes128 });
    private static readonly Oid LinkDown = Oid.Parse("1.3.6.1.6.3.1.1.5.3");
    private static readonly string[] Ours = ["", ".1.3.6.1.6.3.1.1.5.3", ".1.3.6.1.2.1.2.2.1.1.7", "i", "7"];
    private readonly SnmpNotificationReceiver _receiver = new(new SnmpNotificationOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 0), Users = [User] });

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();

    [Fact]
    public async Task A_trap_of_v1_arrives_in_the_form_of_v2()
    {
        await NetSnmpTool.RunAsync("snmptrap", "-v1", "-c", "public", _receiver.EndPoint.ToString(), ".1.3.6.1.4.1.2011", "192.0.2.9", "6", "17", "4200", ".1.3.6.1.2.1.2.2.1.1.7", "i", "7");

        var heard = await FirstAsync();
        Assert.Equal((Oid.Parse("1.3.6.1.4.1.2011.0.17"), TimeSpan.FromSeconds(42), SnmpVersion.V1), (heard.TrapOid, heard.UpTime, heard.Version));
        Assert.Equal(3, heard.VarBinds.Count);
    }

    [Theory]
    [InlineData("snmptrap", false)]
    [InlineData("snmpinform", true)]
    public async Task A_notification_of_v2c_arrives(string tool, bool isInform)
    {
        var said = await NetSnmpTool.RunAsync(tool, ["-v2c", "-c", "public", _receiver.EndPoint.ToString(), .. Ours]);

        var heard = await FirstAsync();
        Assert.Equal((LinkDown, isInform), (heard.TrapOid, heard.IsInform));
        Assert.Empty(said); // an inform that is not answered says so
    }

    [Fact]
    public async Task A_trap_of_v3_arrives()
    {
        await NetSnmpTool.RunAsync("snmptrap", [.. NetSnmpAgent.ToolArguments(User), "-e", "0x8000000001020304", _receiver.EndPoint.ToString(), .. Ours]);

        var heard = await FirstAsync();
        Assert.Equal((LinkDown, User, false), (heard.TrapOid, heard.User, heard.IsInform));
    }

    [Fact]
    public async Task An_inform_of_v3_finds_our_engine_and_is_answered()
    {
        var said = await NetSnmpTool.RunAsync("snmpinform", [.. NetSnmpAgent.ToolArguments(User), _receiver.EndPoint.ToString(), .. Ours]);

        var heard = await FirstAsync();
        Assert.Equal((LinkDown, User, true), (heard.TrapOid, heard.User, heard.IsInform));
        Assert.Empty(said);
        Assert.Equal(1, _receiver.Statistics.InformsAnswered);
    }

    private async Task<SnmpNotification> FirstAsync()
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        time.CancelAfter(TimeSpan.FromSeconds(30));
        await foreach (var notification in _receiver.ReadAllAsync(time.Token))
        {
            return notification;
        }

        throw new InvalidOperationException("The receiver ended.");
    }
}
