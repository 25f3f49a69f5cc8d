using ProvisionSvc.Core.Holds;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Orders;

namespace ProvisionSvc.Tests.Orders;

public sealed class ActivateTests
{
    [Fact]
    public void A_designed_line_gets_its_attachment_and_is_lit()
    {
        var after = ALine.After(ALine.Designed, ALine.Activation);
        Assert.Equal(ALine.Attachment, Assert.Single(after.Attachments));
        Assert.True(after.IsLit);
        Assert.Equal((ServiceState.Reserved, ServiceState.Active), (after.State, after.Settled));
    }

    [Fact]
    public void The_same_line_again_changes_nothing() => Assert.IsType<Decision.NoChange>(ALine.Activation.Decide(ALine.Lit, ALine.Now));

    [Fact]
    public void A_held_line_is_activated_dark()
    {
        var after = ALine.After(ALine.Designed with { Holds = [new Hold(HoldKind.Regulator, "regulator", "order 7", ALine.Now)] }, ALine.Activation);
        Assert.False(after.IsLit);
        Assert.Equal(ServiceState.Inactive, after.Settled);
    }

    [Fact]
    public void A_line_that_has_an_attachment_gets_no_other()
    {
        Assert.Equal(["service-attached"], ALine.Refused(ALine.Activation with { Vlan = new(1008) }, ALine.Lit));
        Assert.Equal(["service-attached"], ALine.Refused(ALine.Activation with { RateUp = Bandwidth.FromMbps(51) }, ALine.Lit));
        var two = ALine.Lit with { Attachments = [ALine.Attachment, ALine.Attachment with { Port = new("b1-sw1", "x") }] };
        Assert.Equal(["service-attached"], ALine.Refused(ALine.Activation with { Vlan = new(1008) }, two));
    }

    [Fact]
    public void A_terminated_line_does_not_come_back() => Assert.Equal(["service-terminated"], ALine.Refused(ALine.Activation, ALine.Terminated));

    [Theory]
    [InlineData(PortRole.Uplink)]
    [InlineData(PortRole.Reserved)]
    public void Only_a_customer_port_is_written_I8(PortRole role) =>
        Assert.Equal(["port-not-customer"], ALine.Refused(ALine.Activation with { Port = ALine.Offer with { Role = role } }, ALine.Designed));

    [Fact]
    public void A_port_that_carries_another_line_is_refused() =>
        Assert.Equal(["port-occupied"], ALine.Refused(ALine.Activation with { Port = ALine.Offer with { OccupiedBy = CircuitId.Parse("C-2") } }, ALine.Designed));

    [Fact]
    public void A_rate_above_the_port_is_refused_in_each_direction_unless_another_device_keeps_it()
    {
        var slow = ALine.Activation with { Port = ALine.Offer with { Speed = Bandwidth.FromMbps(80) } };
        Assert.Equal(["rate-above-port"], ALine.Refused(slow, ALine.Designed));
        Assert.Equal(["rate-above-port"], ALine.Refused(slow with { RateDown = Bandwidth.FromMbps(10), RateUp = Bandwidth.FromMbps(81) }, ALine.Designed));
        Assert.IsType<Decision.Apply>((slow with { RateEnforcedElsewhere = true }).Decide(ALine.Designed, ALine.Now));
        Assert.IsType<Decision.Apply>((slow with { Port = slow.Port with { Speed = null } }).Decide(ALine.Designed, ALine.Now));
        Assert.IsType<Decision.Apply>((slow with { RateDown = Bandwidth.FromMbps(80) }).Decide(ALine.Designed, ALine.Now));
    }

    [Fact]
    public void Every_fault_is_said_not_the_first() => Assert.Equal(
        ["service-terminated", "port-not-customer", "port-occupied", "rate-above-port", "tagged-not-possible"],
        ALine.Refused(
            new Activate(new(ALine.Port, PortRole.Uplink, Bandwidth.FromMbps(1), CircuitId.Parse("C-2")), new(5), true, ALine.Down, ALine.Up, false), ALine.Terminated));
}
