using ProvisionSvc.Core.Holds;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;

namespace ProvisionSvc.Tests.Plans;

public class IntentTests
{
    private static readonly PortName Port = new("b01-sw1", "GigabitEthernet0/0/7");
    private static readonly DateTimeOffset Since = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
    private static readonly Attachment Attached = new(Port, new VlanId(1007), false, Bandwidth.FromMbps(100), Bandwidth.FromMbps(50));

    [Fact]
    public void A_port_without_a_service_is_down_and_bare() => Assert.Equal(PortIntent.Empty, DeriveIntent.For(Port, []));

    [Fact]
    public void A_terminated_service_leaves_nothing_on_the_port() =>
        Assert.Equal(PortIntent.Empty, DeriveIntent.For(Port, [Line("C-1") with { State = ServiceState.Terminated }]));

    [Fact]
    public void A_service_on_another_port_is_none_of_this_one_s_business() =>
        Assert.Equal(PortIntent.Empty, DeriveIntent.For(Port with { IfName = "GigabitEthernet0/0/70" }, [Line("C-1")]));

    [Fact]
    public void A_lit_line_shows_all_it_was_sold_with() => Assert.Equal(
        new PortIntent(AdminStatus.Up, new VlanId(1007), Bandwidth.FromMbps(100), Bandwidth.FromMbps(50), CircuitId.Parse("C-1")),
        DeriveIntent.For(Port, [Line("C-1")]));

    [Fact]
    public void A_held_line_keeps_everything_but_its_light()
    {
        var lit = DeriveIntent.For(Port, [Line("C-1")]);

        Assert.Equal(lit with { AdminStatus = AdminStatus.Down }, DeriveIntent.For(Port, [Line("C-1", HoldKind.Unpaid)]));
    }

    [Fact]
    public void One_released_hold_does_not_light_a_line_that_another_keeps_dark() =>
        Assert.Equal(AdminStatus.Down, DeriveIntent.For(Port, [Line("C-1", HoldKind.Regulator)]).AdminStatus);

    [Fact]
    public void A_port_stays_up_while_one_of_its_lines_is_lit()
    {
        var intent = DeriveIntent.For(Port, [Line("C-1", HoldKind.Unpaid), Line("C-2")]);

        Assert.Equal((AdminStatus.Up, "C-2"), (intent.AdminStatus, intent.Alias!.Value));
    }

    [Fact]
    public void Rates_kept_elsewhere_are_not_asked_of_the_port()
    {
        var service = Line("C-1");
        var intent = DeriveIntent.For(Port, [service with { Attachments = [Attached with { RateEnforcedElsewhere = true }] }]);

        Assert.DoesNotContain(IntentField.RateDown, intent.Values.Keys);
        Assert.DoesNotContain(IntentField.RateUp, intent.Values.Keys);
        Assert.Equal(4, intent.Values.Count);
    }

    private static Service Line(string circuit, params HoldKind[] holds) => new(
        CircuitId.Parse(circuit), ServiceState.Active, [Attached], [.. holds.Select(h => new Hold(h, "business", "a reason", Since, null))]);
}
