using ProvisionSvc.Core.Orders;
using ProvisionSvc.Core.Scheduling;

namespace ProvisionSvc.Tests.Scheduling;

/// <summary>What keeps a change from beginning, and where.</summary>
public sealed class TimetableTests
{
    private static readonly TimeZoneInfo Shanghai = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
    private static readonly DateTimeOffset Noon = new(2026, 3, 3, 12, 0, 0, TimeSpan.FromHours(8));
    private static readonly Site Here = new(SwitchId: 1, BuildingId: 2, NodeId: 3, District: 4);

    [Theory]
    [InlineData(ScopeKind.All, 0, true)]
    [InlineData(ScopeKind.District, 4, true)]
    [InlineData(ScopeKind.Node, 3, true)]
    [InlineData(ScopeKind.Building, 2, true)]
    [InlineData(ScopeKind.Switch, 1, true)]
    [InlineData(ScopeKind.District, 3, false)]
    [InlineData(ScopeKind.Switch, 2, false)]
    public void A_scope_covers_its_switches(ScopeKind kind, long id, bool covers) => Assert.Equal(covers, new Scope(kind, id).Covers(Here));

    [Fact]
    public void Nothing_waits_where_nothing_is_said() => Assert.Null(Timetable.Empty.WaitAt(Here, "suspend", "business", Noon));

    [Fact]
    public void A_freeze_keeps_everybody_but_the_excepted_role_until_its_end()
    {
        var frozen = Timetable.Empty with { Zone = Shanghai, Freezes = [new(new(ScopeKind.District, 4), Noon, Noon.AddDays(2), "party congress", ["engineering"])] };
        Assert.Equal(new Wait(Reasons.Freeze, "2026-03-05 12:00 +08:00 (party congress)", Noon.AddDays(2)), frozen.WaitAt(Here, "activate", "business", Noon));
        Assert.NotNull(frozen.WaitAt(Here, "activate", null, Noon));
        Assert.Null(frozen.WaitAt(Here, "activate", "engineering", Noon));
        Assert.Null(frozen.WaitAt(Here, "activate", "business", Noon.AddSeconds(-1)));
        Assert.Null(frozen.WaitAt(Here, "activate", "business", Noon.AddDays(2)));
        Assert.Null(frozen.WaitAt(Here with { District = 5 }, "activate", "business", Noon));
    }

    [Fact]
    public void Of_two_freezes_the_longer_counts()
    {
        var frozen = Timetable.Empty with { Freezes = [new(Scope.All, Noon, Noon.AddDays(1), "a", []), new(new(ScopeKind.Node, 3), Noon, Noon.AddDays(3), "b", [])] };
        Assert.Equal(Noon.AddDays(3), frozen.WaitAt(Here, "suspend", null, Noon)!.Until);
    }

    [Fact]
    public void Outside_its_window_an_order_waits_until_it_opens()
    {
        var table = Timetable.Empty with { Zone = Shanghai, Windows = [Night(new(ScopeKind.Node, 3))] };
        Assert.Equal(new Wait(Reasons.Window, "2026-03-04 01:00 +08:00 (night)", Noon.AddHours(13)), table.WaitAt(Here, "suspend", null, Noon));
        Assert.Null(table.WaitAt(Here, "suspend", null, Noon.AddHours(13)));
        Assert.Null(table.WaitAt(Here with { NodeId = 9 }, "suspend", null, Noon));
    }

    [Fact]
    public void A_buildings_own_windows_replace_those_of_its_node()
    {
        var lunch = new WeeklyWindow("lunch", Shanghai, DayKind.Any, Enum.GetValues<DayOfWeek>(), new(11, 0), new(13, 0));
        var table = Timetable.Empty with { Windows = [Night(new(ScopeKind.Node, 3)), new(new(ScopeKind.Building, 2), lunch, [])] };
        Assert.Null(table.WaitAt(Here, "suspend", null, Noon));
        Assert.Equal(Noon.AddDays(1).AddHours(-1), table.WaitAt(Here, "suspend", null, Noon.AddHours(13))!.Until);
    }

    [Fact]
    public void A_window_for_some_actions_leaves_the_others_alone()
    {
        var table = Timetable.Empty with { Windows = [Night(Scope.All) with { Actions = ["suspend", "disconnect"] }] };
        Assert.NotNull(table.WaitAt(Here, "disconnect", null, Noon));
        Assert.Null(table.WaitAt(Here, "activate", null, Noon));
    }

    [Fact]
    public void A_window_that_never_opens_gives_no_time_to_look_again()
    {
        var never = new WeeklyWindow("never", Shanghai, DayKind.Any, [], new(1, 0), new(2, 0));
        Assert.Equal(new Wait(Reasons.Window, "- (never)", null), (Timetable.Empty with { Windows = [new(Scope.All, never, [])] }).WaitAt(Here, "suspend", null, Noon));
    }

    [Fact]
    public void Only_a_pause_of_everything_is_a_stop()
    {
        var node = new Pause(new(ScopeKind.Node, 3), "li", "fibre cut", Noon);
        var table = Timetable.Empty with { Pauses = [node] };
        Assert.Null(table.Stop);
        Assert.Equal(node, table.PauseAt(Here));
        Assert.Null(table.PauseAt(Here with { NodeId = 7 }));
        Assert.NotNull((table with { Pauses = [node with { Scope = Scope.All }] }).Stop);
    }

    private static ScopedWindow Night(Scope scope) => new(scope, new WeeklyWindow("night", Shanghai, DayKind.Any, Enum.GetValues<DayOfWeek>(), new(1, 0), new(5, 0)), []);
}
