using ProvisionSvc.Core.Holds;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Core.Plans;

namespace ProvisionSvc.Tests.Orders;

public sealed class ChangeTests
{
    private static readonly PortName Other = new("b1-sw2", "GigabitEthernet0/0/3");
    private static readonly PortOffer Free = new(Other, PortRole.Customer, Bandwidth.FromMbps(1000), null);
    private static readonly Attachment Vpn = ALine.Attachment with { Port = Other, Vlan = new(3007) };
    private static readonly Service Two = ALine.Lit with { Attachments = [ALine.Attachment, Vpn] };

    private static ChangeSpeed Speed(int mbps, PortName? at = null) => new(at, [ALine.Offer, Free], Bandwidth.FromMbps(mbps), Bandwidth.FromMbps(mbps));

    private static Move Move(PortOffer to, bool underWay = false) => new(null, to, ALine.Attachment.Vlan, underWay);

    [Fact]
    public void A_new_speed_replaces_the_attachment_s_rates_and_nothing_else()
    {
        var after = ALine.After(ALine.Lit, Speed(200));
        Assert.Equal(ALine.Attachment with { RateDown = Bandwidth.FromMbps(200), RateUp = Bandwidth.FromMbps(200) }, Assert.Single(after.Attachments));
        Assert.Equal(ServiceState.Active, after.State);
        Assert.IsType<Decision.NoChange>(new ChangeSpeed(null, [], ALine.Down, ALine.Up).Decide(ALine.Lit, ALine.Now));
        Assert.Equal(["rate-above-port"], ALine.Refused(Speed(2000), ALine.Lit));
    }

    [Fact]
    public void Where_a_line_has_two_ports_a_change_names_the_one_it_means()
    {
        Assert.Equal(["which-attachment"], ALine.Refused(Speed(200), Two));
        Assert.Equal([100_000, 200_000], ALine.After(Two, Speed(200, Other)).Attachments.Select(a => a.RateDown.Kbps));
        Assert.Equal(["not-attached"], ALine.Refused(Speed(200, new("b9", "x")), Two));
        Assert.Equal(["not-attached"], ALine.Refused(Speed(200), ALine.Designed));
        Assert.Equal(["which-attachment"], ALine.Refused(new ChangeVlan(null, new(5)), Two));
        Assert.Equal(["which-attachment"], ALine.Refused(Move(Free with { Name = new("b2", "y") }), Two));
    }

    [Fact]
    public void A_new_VLAN_replaces_the_old_one()
    {
        Assert.Equal(1010, ALine.After(ALine.Lit, new ChangeVlan(null, new(1010))).Attachments.Single().Vlan.Value);
        Assert.IsType<Decision.NoChange>(new ChangeVlan(null, ALine.Attachment.Vlan).Decide(ALine.Lit, ALine.Now));
    }

    [Fact]
    public void A_second_attachment_needs_a_free_port_and_a_line_that_stands()
    {
        var add = new AddAttachment(Free, new(3007), ALine.Down, ALine.Up, false);
        Assert.Equal([ALine.Port, Other], ALine.After(ALine.Lit, add).Attachments.Select(a => a.Port));
        Assert.IsType<Decision.NoChange>(add.Decide(Two, ALine.Now));
        Assert.Equal(["not-attached"], ALine.Refused(add, ALine.Designed));
        Assert.Equal(["service-terminated"], ALine.Refused(add, ALine.Terminated));
        // Until a template can do trunks: even the line's own port takes no second one.
        Assert.Equal(["port-occupied"], ALine.Refused(add with { Port = ALine.Offer with { OccupiedBy = ALine.Lit.CircuitId } }, ALine.Lit));
    }

    [Fact]
    public void An_attachment_goes_and_the_last_one_only_with_the_line()
    {
        Assert.Equal([ALine.Port], ALine.After(Two, new RemoveAttachment(Other)).Attachments.Select(a => a.Port));
        Assert.Equal(["last-attachment"], ALine.Refused(new RemoveAttachment(ALine.Port), ALine.Lit));
        Assert.Equal(["not-attached"], ALine.Refused(new RemoveAttachment(Other), ALine.Lit));
    }

    [Fact]
    public void A_line_that_moves_stands_on_both_ports_until_the_old_one_is_left()
    {
        var after = ALine.After(ALine.Lit, Move(Free));
        Assert.Equal([ALine.Port, Other], after.Attachments.Select(a => a.Port));
        Assert.Equal(AdminStatus.Up, DeriveIntent.For(ALine.Port, [after]).AdminStatus);
        var left = new ServiceChange.Detached(ALine.Attachment).ApplyTo(after);
        Assert.Equal(PortIntent.Empty, DeriveIntent.For(ALine.Port, [left]));
        Assert.Equal(["move-under-way"], ALine.Refused(Move(Free, underWay: true), after));
    }

    [Fact]
    public void A_move_is_refused_with_every_fault_of_the_port_it_goes_to()
    {
        Assert.Equal(["same-port"], ALine.Refused(Move(ALine.Offer), ALine.Lit));
        Assert.Equal(
            ["port-not-customer", "port-occupied", "rate-above-port"],
            ALine.Refused(Move(new(Other, PortRole.Uplink, Bandwidth.FromMbps(10), CircuitId.Parse("C-2"))), ALine.Lit));
    }

    [Fact]
    public void A_broken_switch_leaves_nothing_to_close()
    {
        var after = ALine.After(ALine.Lit, new ReplaceSwitch(ALine.Port, Free, ALine.Attachment.Vlan, false));
        Assert.Equal(ALine.Attachment with { Port = Other }, Assert.Single(after.Attachments));
        Assert.Equal(PortIntent.Empty, DeriveIntent.For(ALine.Port, [after]));
    }

    [Fact]
    public void A_line_is_renamed_unless_the_name_is_taken_or_orders_wait_under_the_old_one()
    {
        var to = CircuitId.Parse("C-9");
        Assert.Equal(to, DeriveIntent.For(ALine.Port, [ALine.After(ALine.Lit, new Rename(to, false, []))]).Alias);
        Assert.Equal(["circuit-taken", "orders-wait"], ALine.Refused(new Rename(to, true, [7, 8]), ALine.Lit));
        Assert.IsType<Decision.NoChange>(new Rename(ALine.Lit.CircuitId, true, []).Decide(ALine.Lit, ALine.Now));
    }

    [Fact]
    public void A_repair_changes_nothing_in_the_books()
    {
        Assert.IsType<Decision.NoChange>(new Repair(null).Decide(Two, ALine.Now));
        Assert.IsType<Decision.NoChange>(new Repair(Other).Decide(Two, ALine.Now));
        Assert.Equal(["not-attached"], ALine.Refused(new Repair(Other), ALine.Lit));
        Assert.Equal(["not-attached"], ALine.Refused(new Repair(null), ALine.Designed));
        Assert.Equal(["service-terminated"], ALine.Refused(new Repair(null), ALine.Terminated));
    }

    [Fact]
    public void The_same_hold_with_another_end_takes_the_place_of_the_one_that_stands()
    {
        var until = ALine.Now.AddDays(3);
        var suspend = ALine.Suspend(HoldKind.Customer);
        var held = ALine.After(ALine.Lit, suspend with { Until = until });
        Assert.Equal(until, Assert.Single(held.Holds).Until);
        Assert.IsType<Decision.NoChange>((suspend with { Until = until }).Decide(held, ALine.Now));
        Assert.Null(Assert.Single(ALine.After(held, suspend).Holds).Until);
        Assert.Equal(["until-past"], ALine.Refused(suspend with { Until = ALine.Now }, ALine.Lit));
    }
}
