using System.Net;
using ProvisionSvc.Core;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.Devices.Terminal;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Tests.Switches;

/// <summary>T19, T20: which generation of a credential is tried, how often, and what is written down of it.</summary>
public class SwitchCredentialTests
{
    private static readonly SwitchEndpoint Endpoint = new("sw1", IPAddress.Loopback, 161, 22, null);
    private static readonly CredentialGeneration Old = Generation(1, "old");
    private static readonly CredentialGeneration New = Generation(2, "new");

    private readonly OpenBook _book = new();
    private readonly List<string> _tried = [];
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_generation_that_the_switch_last_took_is_tried_first_and_alone_while_it_is_taken()
    {
        var credential = Credential(reached: 1);

        await LogInAsync(credential, takes: "old");
        await LogInAsync(credential, takes: "old");

        Assert.Equal(["old", "old"], _tried);
        Assert.Equal(["Terminal 1?", "Terminal reached 1 refused"], _book.Lines);
    }

    [Fact]
    public async Task A_switch_that_was_changed_refuses_the_old_one_once_and_takes_the_new_one()
    {
        var credential = Credential(reached: 1);

        await LogInAsync(credential, takes: "new");
        await LogInAsync(credential, takes: "new");

        Assert.Equal(["old", "new", "new"], _tried);
        Assert.Equal("Terminal reached 2 refused 1", _book.Lines[^1]);
    }

    [Fact]
    public async Task A_switch_of_which_nothing_is_known_is_tried_with_the_newest()
    {
        await LogInAsync(Credential(reached: 0), takes: "new");

        Assert.Equal(["new"], _tried);
    }

    [Fact]
    public async Task Each_generation_is_tried_once_in_a_piece_of_work_however_often_it_asks()
    {
        var credential = Credential(reached: 1);

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(DeviceFault.AuthenticationFailed, (await Assert.ThrowsAsync<DeviceException>(() => LogInAsync(credential, takes: "neither"))).Fault);
        }

        Assert.Equal(["old", "new"], _tried);
        Assert.Equal(["Terminal 1?", "Terminal 2!?", "Terminal reached - refused 1,2"], _book.Lines);
    }

    [Fact]
    public async Task A_switch_that_is_away_is_no_refusal_and_is_not_tried_with_another()
    {
        var credential = Credential(reached: 1);

        await Assert.ThrowsAsync<DeviceException>(() => credential.LogInAsync<int>(Away, _ct));

        Assert.Equal(["Terminal 1?", "Terminal 1 left"], _book.Lines);
        static Task<int> Away(TerminalLogin login) => throw new DeviceException(DeviceFault.Unreachable, "no route");
    }

    [Fact]
    public async Task A_refusal_is_not_forgotten_when_the_switch_goes_away_after_it()
    {
        var credential = Credential(reached: 1);

        await Assert.ThrowsAsync<DeviceException>(() => credential.LogInAsync<int>(
            login => throw new DeviceException(Old.Login.Password!.Equals(login.Password) ? DeviceFault.AuthenticationFailed : DeviceFault.Timeout, "no"), _ct));

        Assert.Equal("Terminal reached - refused 1", _book.Lines[^1]);
    }

    [Fact]
    public async Task What_the_book_forbids_is_not_tried_and_its_words_are_the_refusal()
    {
        _book.Forbidden[2] = "five switches have refused it";

        Assert.Equal("five switches have refused it", (await Assert.ThrowsAsync<DeviceException>(() => LogInAsync(Credential(reached: 2, New), takes: "new"))).Message);
        Assert.Empty(_tried);
        Assert.Equal("five switches have refused it", await Credential(reached: 2, New).WhyNotAsync(_ct));
        Assert.Null(await Credential(reached: 2).WhyNotAsync(_ct));

        // With the older one, which is allowed, the work goes on.
        await LogInAsync(Credential(reached: 2), takes: "old");
        Assert.Equal(["old"], _tried);
    }

    [Fact]
    public async Task A_login_that_stays_the_same_in_the_new_generation_proves_the_new_one()
    {
        await LogInAsync(Credential(reached: 1, Old, Old with { Number = 2 }), takes: "old");

        Assert.Equal(["old"], _tried);
        Assert.Equal("Terminal reached 2 refused", _book.Lines[^1]);
    }

    [Fact]
    public async Task A_silent_v2c_agent_is_asked_by_the_other_community_because_that_is_how_it_refuses()
    {
        var asked = await Credential(reached: 1).AskAsync(Endpoint, target => target.Community == "new"
            ? Task.FromResult(target.Community)
            : throw new SnmpException(SnmpFault.Timeout, target.EndPoint, "silence"), _ct);

        Assert.Equal("new", asked);
        Assert.Equal(["Snmp 1 left", "Snmp reached 2 refused"], _book.Lines);
    }

    [Fact]
    public async Task A_v3_agent_that_refuses_is_asked_by_the_other_user_with_the_engine_that_is_pinned()
    {
        var pin = new EnginePin(new byte[] { 1, 2, 3, 4, 5 }, 7);
        var v3 = new SwitchCredential([V3(1, "old"), V3(2, "new")], new Dictionary<Channel, int> { [Channel.Snmp] = 1 }, pin, _book);

        var user = await v3.AskAsync(Endpoint, target => target.Security is { User.Name: "new" } security
            ? Task.FromResult($"{security.User.Name} {security.EngineId.Length} {security.KnownBoots}")
            : throw new SnmpException(SnmpFault.AuthenticationFailed, target.EndPoint, "wrong digest"), _ct);

        Assert.Equal("new 5 7", user);
        Assert.Equal(["Snmp 1?", "Snmp 2!?", "Snmp reached 2 refused 1"], _book.Lines);
        Assert.Equal("writer", v3.Writing(Endpoint).Security?.User.Name);
    }

    [Fact]
    public async Task Nothing_is_SET_before_it_is_known_what_the_agent_answers_to_nor_without_a_community_that_may()
    {
        Assert.Throws<InvalidOperationException>(() => Credential(reached: 1).Writing(Endpoint));

        var reader = new SwitchCredential([new(1, Old.Login, new AgentLogin.Communities(new Secret("old"), null))], new Dictionary<Channel, int>(), null, _book);
        await reader.AskAsync(Endpoint, target => Task.FromResult(0), _ct);
        Assert.Equal(DeviceFault.Rejected, Assert.Throws<DeviceException>(() => reader.Writing(Endpoint)).Fault);
    }

    private static CredentialGeneration Generation(int number, string secret) =>
        new(number, new TerminalLogin("operator", new Secret(secret)), new AgentLogin.Communities(new Secret(secret), new Secret("writer")));

    private static CredentialGeneration V3(int number, string user) => new(
        number, Old.Login, new AgentLogin.Users(User(user), User("writer"), ""));

    private static UsmUser User(string name) => new(name, AuthProtocol.HmacSha256, "long enough");

    private SwitchCredential Credential(int reached, params CredentialGeneration[] generations) => new(
        generations.Length > 0 ? generations : [Old, New], new Dictionary<Channel, int> { [Channel.Terminal] = reached, [Channel.Snmp] = reached }, null, _book);

    private Task<string> LogInAsync(SwitchCredential credential, string takes) => credential.LogInAsync(
        login =>
        {
            _tried.Add(login.Password!.Reveal());
            return login.Password.Reveal() == takes ? Task.FromResult(takes) : throw new DeviceException(DeviceFault.AuthenticationFailed, "refused");
        },
        _ct);
}
