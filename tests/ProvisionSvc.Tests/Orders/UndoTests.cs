using ProvisionSvc.Core.Holds;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Orders;

namespace ProvisionSvc.Tests.Orders;

public sealed class UndoTests
{
    private static readonly PortName Other = new("b1-sw2", "GigabitEthernet0/0/3");
    private static readonly PortOffer Free = new(Other, PortRole.Customer, Bandwidth.FromMbps(1000), null);

    public static TheoryData<string> Kinds => ["changeSpeed", "changeVlan", "addAttachment", "removeAttachment", "rename", "suspend", "resume", "disconnect", "replaceSwitch"];

    private static (Service Before, OrderAction Action) Case(string kind) => kind switch
    {
        "changeSpeed" => (ALine.Lit, new ChangeSpeed(null, [], Bandwidth.FromMbps(300), Bandwidth.FromMbps(300))),
        "changeVlan" => (ALine.Lit, new ChangeVlan(null, new(1010))),
        "addAttachment" => (ALine.Lit, new AddAttachment(Free, new(3007), ALine.Down, ALine.Up, false)),
        "removeAttachment" => (ALine.Lit with { Attachments = [ALine.Attachment, ALine.Attachment with { Port = Other }] }, new RemoveAttachment(Other)),
        "rename" => (ALine.Lit, new Rename(CircuitId.Parse("C-9"), false, [])),
        "suspend" => (ALine.Lit, ALine.Suspend(HoldKind.Unpaid)),
        "resume" => (ALine.Held(HoldKind.Unpaid, HoldKind.Abuse), new Resume(HoldKind.Unpaid)),
        "disconnect" => (ALine.Held(HoldKind.Regulator), new Disconnect()),
        "replaceSwitch" => (ALine.Lit, new ReplaceSwitch(ALine.Port, Free, ALine.Attachment.Vlan, false)),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static Undo Undo(OrderAction action, Service before) => Undo(action, ((Decision.Apply)action.Decide(before, ALine.Now)).Changes);

    private static Undo Undo(OrderAction action, IReadOnlyList<ServiceChange> changes) =>
        new(new(7, action.Name, action.HoldKind, changes), [ALine.Offer, Free], new Dictionary<PortName, IReadOnlySet<int>>());

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_an_order_changed_its_undo_brings_back(string kind)
    {
        var (before, action) = Case(kind);
        var undone = ALine.After(ALine.After(before, action), Undo(action, before));

        // A line that went to a spare stands on both until its old port is proven.
        var attachments = kind == "replaceSwitch" ? undone.Attachments.Where(a => a.Port == ALine.Port) : undone.Attachments;
        Assert.Equal(before.Attachments, attachments);
        Assert.Equal(before.CircuitId, undone.CircuitId);
        Assert.Equal(before.Holds.Select(h => h.Kind).Order(), undone.Holds.Select(h => h.Kind).Order());
        Assert.Equal(before.IsLit, undone.IsLit);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_an_order_changed_survives_the_database(string kind)
    {
        var (before, action) = Case(kind);
        var changes = ((Decision.Apply)action.Decide(before, ALine.Now)).Changes;
        var kept = KeptChanges.Of(changes).Text;
        Assert.Equal(kept, KeptChanges.Of(KeptChanges.Read(kept)).Text);
        Assert.Equal(changes.Select(c => c.GetType()), KeptChanges.Read(kept).Select(c => c.GetType()));
        Assert.Equal(action.Decide(before, ALine.Now).ApplyTo(before).Attachments, KeptChanges.Read(kept).Aggregate(before, (s, c) => c.ApplyTo(s)).Attachments);
    }

    [Fact]
    public void The_undo_of_an_activation_ends_the_line()
    {
        var undone = ALine.After(ALine.After(ALine.Designed, ALine.Activation), Undo(ALine.Activation, ALine.Designed));
        Assert.Equal(ServiceState.Terminated, undone.State);
        Assert.Empty(undone.Attachments);
    }

    [Fact]
    public void What_a_newer_order_changed_is_not_undone_by_an_older_one_s()
    {
        var speed = new ChangeSpeed(null, [], Bandwidth.FromMbps(300), Bandwidth.FromMbps(300));
        var since = ALine.After(ALine.After(ALine.Lit, speed), speed with { RateDown = Bandwidth.FromMbps(400) });
        Assert.Equal(["changed-since"], ALine.Refused(Undo(speed, ALine.Lit), since));
        Assert.Contains("400 Mbit/s down", ((Decision.Reject)Undo(speed, ALine.Lit).Decide(since, ALine.Now)).Faults[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hold_that_came_since_is_no_obstacle_and_stays()
    {
        var speed = new ChangeSpeed(null, [], Bandwidth.FromMbps(300), Bandwidth.FromMbps(300));
        var since = ALine.After(ALine.After(ALine.Lit, speed), ALine.Suspend(HoldKind.Regulator));
        var undone = ALine.After(since, Undo(speed, ALine.Lit));
        Assert.Equal(ALine.Attachment, Assert.Single(undone.Attachments));
        Assert.False(undone.IsLit);
    }

    [Fact]
    public void A_hold_released_and_placed_again_since_is_another_one()
    {
        var suspend = ALine.Suspend(HoldKind.Unpaid);
        var again = suspend.Decide(ALine.Lit, ALine.Now.AddHours(1)).ApplyTo(ALine.Lit);
        Assert.Equal(["changed-since"], ALine.Refused(Undo(suspend, ALine.Lit), again));
    }

    [Fact]
    public void A_port_or_VLAN_given_away_since_is_respected()
    {
        var undo = Undo(new Disconnect(), ALine.Lit) with
        {
            Ports = [ALine.Offer with { OccupiedBy = CircuitId.Parse("C-2") }],
            VlansTaken = new Dictionary<PortName, IReadOnlySet<int>> { [ALine.Port] = new HashSet<int> { 1007 } },
        };
        Assert.Equal(["port-occupied", "vlan-taken"], ALine.Refused(undo, ALine.Terminated));
    }

    [Fact]
    public void What_changed_nothing_and_what_has_ended_is_not_undone()
    {
        Assert.Equal(["nothing-to-undo"], ALine.Refused(Undo(new Repair(null), []), ALine.Lit));
        Assert.Equal(["service-terminated"], ALine.Refused(Undo(ALine.Suspend(HoldKind.Unpaid), ALine.Lit), ALine.Terminated));
    }

    [Fact]
    public void Only_the_undo_of_a_suspension_restores()
    {
        Assert.True(Undo(ALine.Suspend(HoldKind.Unpaid), ALine.Lit) is { Restores: true, Precedence: 0 });
        Assert.True(Undo(new Resume(HoldKind.Unpaid), ALine.Held(HoldKind.Unpaid)) is { Restores: false, Precedence: 4 });
        Assert.True(Undo(ALine.Activation, ALine.Designed) is { Restores: false, Precedence: 3 });
        Assert.True(Undo(ALine.Suspend(HoldKind.Unpaid), ALine.Lit).MakesPointless("suspend", HoldKind.Unpaid));
        Assert.False(Undo(ALine.Suspend(HoldKind.Unpaid), ALine.Lit).MakesPointless("suspend", HoldKind.Abuse));
    }
}
