using System.Net;
using Microsoft.Extensions.Time.Testing;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Devices.Terminal;
using ProvisionSvc.Tests.Templates;

namespace ProvisionSvc.Tests.Switches;

/// <summary>Levels, candidates and families without a terminal, on a terminal that only writes down what is typed.</summary>
public class SwitchSessionTests
{
    private static readonly TemplateCatalog Catalog = TemplateCatalog.Load(Folders.Templates).OrThrow();
    private static readonly PortName Port = new("b01-ce1", "10GE1/0/7");

    private readonly WrittenDown _terminal = new();

    [Fact]
    public async Task A_plan_of_a_family_with_a_candidate_is_typed_with_its_commit_before_configuration_is_left()
    {
        await using var session = Session("huawei-vrp8");
        var plan = Assert.IsType<PlanOutcome.Planned>(MakePlan.For(
            Catalog.Find("huawei-vrp8")!.Template, Port, PortRole.Customer, new PortIntent(AdminStatus.Up, Alias: CircuitId.Parse("C-1"), RatesElsewhere: true), Dark)).Plan;

        foreach (var line in plan.Steps.SelectMany(s => s.Lines).Concat(plan.Closing).Concat(plan.Keep))
        {
            Assert.Null(await session.MoveToAsync(line.Scope, Port, TestContext.Current.CancellationToken));
            await session.TypeAsync(line.Text, TestContext.Current.CancellationToken);
        }

        Assert.Null(await session.MoveToAsync(LineScope.Exec, Port, TestContext.Current.CancellationToken));
        Assert.Equal(["system-view", "interface 10GE1/0/7", "description C-1", "undo shutdown", "quit", "commit trial 120", "commit", "return"], _terminal.Lines.Select(l => l.Line));
        Assert.All(_terminal.Lines, l => Assert.Equal(l.Line.StartsWith("commit", StringComparison.Ordinal) ? TimeSpan.FromSeconds(180) : null, l.Deadline));
    }

    [Fact]
    public async Task A_refused_line_is_followed_by_emptying_the_candidate()
    {
        await using var session = Session("huawei-vrp8");
        await session.MoveToAsync(LineScope.Port, Port, TestContext.Current.CancellationToken);

        Assert.Null(await session.AbortAsync(Port, TestContext.Current.CancellationToken));
        Assert.Null(await session.MoveToAsync(LineScope.Exec, Port, TestContext.Current.CancellationToken));

        Assert.Equal(["system-view", "interface 10GE1/0/7", "clear configuration candidate", "return"], _terminal.Lines.Select(l => l.Line));
    }

    [Theory]
    [InlineData("huawei-vrp8", false)]
    [InlineData("huawei-vrp5", true)]
    public async Task Where_there_is_no_candidate_nothing_is_emptied(string family, bool inConfiguration)
    {
        await using var session = Session(family);
        if (inConfiguration)
        {
            await session.MoveToAsync(LineScope.Configure, Port, TestContext.Current.CancellationToken);
        }

        var typed = _terminal.Lines.Count;
        Assert.Null(await session.AbortAsync(Port, TestContext.Current.CancellationToken));
        Assert.Equal(typed, _terminal.Lines.Count);
    }

    /// <summary>F12: a way that the switch takes without going it.</summary>
    [Theory]
    [InlineData("[*b01-ce1-10GE1/0/7]", true)]
    [InlineData("[*b01-ce1-10GE1/0/77]", false)]
    [InlineData("[*b01-ce1-10GE1/0/6]", false)]
    [InlineData("[*b01-ce1]", false)]
    [InlineData("<b01-ce1>", false)]
    public async Task Nothing_is_typed_for_a_port_where_the_prompt_names_another_place(string prompt, bool there)
    {
        await using var session = Session("huawei-vrp8");
        _terminal.Prompt = prompt;
        Assert.Equal(there, await session.MoveToAsync(LineScope.Port, Port, TestContext.Current.CancellationToken) is null);
    }

    [Fact]
    public async Task A_port_is_entered_by_its_long_name()
    {
        await using var session = Session("ruijie-rgos");

        await session.MoveToAsync(LineScope.Port, new PortName("sw", "Gi0/7"), TestContext.Current.CancellationToken);

        Assert.Equal(["configure terminal", "interface GigabitEthernet 0/7"], _terminal.Lines.Select(l => l.Line));
    }

    [Fact]
    public async Task A_family_without_a_terminal_is_opened_read_saved_and_closed_without_a_login()
    {
        var access = Access(new NobodyHome());
        await using var session = await access.OpenAsync(
            new("sw1", IPAddress.Parse("10.0.0.1"), 161, 22, null), ScriptedAgent.Credential, Catalog.Find("snmp-only")!, () => { }, TestContext.Current.CancellationToken);
        var port = new PortName("sw1", "Port7");

        Assert.Empty((await session.ReadAsync(port, TestContext.Current.CancellationToken)).Values);
        Assert.Null(await session.SaveAsync(port, TestContext.Current.CancellationToken));
        Assert.Null(await session.ShowSavedAsync(port, TestContext.Current.CancellationToken));
        Assert.Null(await session.MoveToAsync(LineScope.Exec, port, TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<InvalidOperationException>(() => session.TypeAsync("shutdown", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Two_sessions_of_ours_on_one_switch_take_turns()
    {
        var access = Access(new Door());
        var first = await OpenAsync(access, "sw1");
        await using var elsewhere = await OpenAsync(access, "sw2");
        var second = OpenAsync(access, "sw1");
        Assert.False(second.IsCompleted);

        await first.DisposeAsync();
        await first.DisposeAsync();
        await using var open = await second;
        Assert.False(OpenAsync(access, "sw1").IsCompleted);
    }

    [Fact]
    public async Task A_switch_whose_sessions_were_just_seen_taken_is_not_knocked_at()
    {
        var clock = new FakeTimeProvider();
        var door = new Door { Fault = DeviceFault.SessionLimit };
        var access = Access(door, clock);
        await Assert.ThrowsAsync<DeviceException>(() => OpenAsync(access, "sw1"));
        door.Fault = null;

        var refused = await Assert.ThrowsAsync<DeviceException>(() => OpenAsync(access, "sw1"));
        Assert.Equal((DeviceFault.SessionLimit, 1), (refused.Fault, door.Knocks));

        clock.Advance(TimeSpan.FromSeconds(5));
        await using var session = await OpenAsync(access, "sw1");
        Assert.Equal(2, door.Knocks);
    }

    private static SwitchAccess Access(ITerminalConnector connector, TimeProvider? clock = null) =>
        new(connector, new AgentPorts(new ScriptedAgent()), [IPNetwork.Parse("10.0.0.0/8")], AccessRules.None, clock ?? TimeProvider.System);

    private static Task<SwitchSession> OpenAsync(SwitchAccess access, string name) => access.OpenAsync(
        new(name, IPAddress.Parse("10.0.0.1"), 161, 22, null), ScriptedAgent.Credential, Catalog.Find("huawei-vrp5")!, () => { }, TestContext.Current.CancellationToken);

    private static PortReading Dark => new(new Dictionary<IntentField, string?>
    {
        [IntentField.AdminStatus] = "down", [IntentField.Mode] = "access", [IntentField.AccessVlan] = null, [IntentField.Alias] = null,
    });

    private SwitchSession Session(string family) => new(_terminal, Catalog.Find(family)!, () => { });

    private sealed class WrittenDown : ITerminalSession
    {
        public List<(string Line, TimeSpan? Deadline)> Lines { get; } = [];

        public string SwitchName => "sw";

        public int LocalPort => 1;

        public string Host => "sw";

        public string Banner => "";

        public string Transcript => "";

        public string? Prompt { get; set; }

        public Task<LineResult> SendAsync(string line, CancellationToken ct, TimeSpan? deadline = null, IReadOnlyList<Dialogue>? dialogues = null)
        {
            Lines.Add((line, deadline));
            return Task.FromResult<LineResult>(new LineResult.Confirmed(""));
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Door : ITerminalConnector
    {
        public DeviceFault? Fault { get; set; }

        public int Knocks { get; private set; }

        public Task<ITerminalSession> OpenAsync(TerminalEndpoint endpoint, TerminalDialect dialect, CancellationToken ct)
        {
            Knocks++;
            return Fault is { } fault ? throw new DeviceException(fault, "No.") : Task.FromResult<ITerminalSession>(new WrittenDown());
        }

        public Task<string> ReadHostKeyAsync(IPEndPoint device, AccessWay? way, CancellationToken ct) => throw new DeviceException(DeviceFault.Unreachable, "Nobody should have asked.");
    }

    private sealed class NobodyHome : ITerminalConnector
    {
        public Task<ITerminalSession> OpenAsync(TerminalEndpoint endpoint, TerminalDialect dialect, CancellationToken ct) =>
            throw new DeviceException(DeviceFault.Unreachable, "Nobody should have knocked.");

        public Task<string> ReadHostKeyAsync(IPEndPoint device, AccessWay? way, CancellationToken ct) => throw new DeviceException(DeviceFault.Unreachable, "Nobody should have knocked.");
    }
}
