using ProvisionSvc.Core.Holds;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Orders;

namespace ProvisionSvc.Tests.Orders;

public sealed class DecisionTests
{
    private static readonly OrderAction[] All = [ALine.Activation, new Disconnect(), ALine.Suspend(HoldKind.Unpaid), new Resume(HoldKind.Unpaid)];

    [Fact]
    public void A_suspension_places_its_hold_and_names_owner_reason_and_time()
    {
        var hold = Assert.Single(ALine.After(ALine.Lit, ALine.Suspend(HoldKind.Unpaid)).Holds);
        Assert.Equal(new Hold(HoldKind.Unpaid, "billing", "unpaid since February", ALine.Now), hold);
    }

    [Fact]
    public void Suspending_twice_for_the_same_reason_is_no_change() =>
        Assert.IsType<Decision.NoChange>(ALine.Suspend(HoldKind.Unpaid).Decide(ALine.Held(HoldKind.Unpaid), ALine.Now));

    [Fact]
    public void Resuming_what_does_not_stand_is_no_change()
    {
        Assert.IsType<Decision.NoChange>(new Resume(HoldKind.Unpaid).Decide(ALine.Lit, ALine.Now));
        Assert.IsType<Decision.NoChange>(new Resume(HoldKind.Unpaid).Decide(ALine.Held(HoldKind.Abuse), ALine.Now));
    }

    [Fact]
    public void A_disconnection_ends_the_line_whatever_holds_stand()
    {
        foreach (var line in (Service[])[ALine.Lit, ALine.Held(HoldKind.Unpaid, HoldKind.Regulator), ALine.Designed])
        {
            var after = ALine.After(line, new Disconnect());
            Assert.Empty(after.Attachments);
            Assert.Equal((ServiceState.Terminated, ServiceState.Terminated, false), (after.State, after.Settled, after.IsLit));
        }
    }

    [Fact]
    public void Nothing_is_ordered_on_a_terminated_line() => Assert.All(All, a => Assert.Equal(["service-terminated"], ALine.Refused(a, ALine.Terminated)));

    [Fact]
    public void A_refusal_or_no_change_leaves_the_service_as_it_is()
    {
        Assert.Same(ALine.Lit, new Decision.Reject([]).ApplyTo(ALine.Lit));
        Assert.Same(ALine.Lit, new Decision.NoChange().ApplyTo(ALine.Lit));
    }

    [Fact]
    public void Restoring_beats_activating_beats_disconnecting_beats_suspending() => Assert.Equal(
        ["resume", "activate", "disconnect", "suspend"], All.OrderBy(a => a.Precedence).Select(a => a.Name));

    [Fact]
    public void Only_a_resumption_restores() => Assert.Equal(["resume"], All.Where(a => a.Restores).Select(a => a.Name));

    [Fact]
    public void An_order_makes_pointless_only_its_own_opposite_and_a_disconnection_everything()
    {
        Assert.True(new Resume(HoldKind.Unpaid).MakesPointless("suspend", HoldKind.Unpaid));
        Assert.False(new Resume(HoldKind.Unpaid).MakesPointless("suspend", HoldKind.Regulator));
        Assert.False(new Resume(HoldKind.Unpaid).MakesPointless("resume", HoldKind.Unpaid));
        Assert.True(ALine.Suspend(HoldKind.Unpaid).MakesPointless("resume", HoldKind.Unpaid));
        Assert.False(ALine.Suspend(HoldKind.Unpaid).MakesPointless("resume", HoldKind.Abuse));
        Assert.False(ALine.Activation.MakesPointless("suspend", HoldKind.Unpaid));
        Assert.True(new Disconnect().MakesPointless("activate", null));
        Assert.True(new Disconnect().MakesPointless("resume", HoldKind.Unpaid));
    }

    [Fact]
    public void Every_reason_has_a_code_of_its_own_and_both_languages()
    {
        Assert.All(Reasons.All.Values, r =>
        {
            Assert.Matches("^[a-z]+(-[a-z]+)*$", r.Code);
            Assert.Matches(@"[.:]$", r.English); // A sentence, or one that the detail completes.
            Assert.Contains(r.Chinese, c => c >= '\u4e00');
        });

        var fields = typeof(Reasons).GetFields().Where(f => f.FieldType == typeof(Reason)).Select(f => (Reason)f.GetValue(null)!);
        Assert.Equal(fields.Select(f => f.Code).Order(StringComparer.Ordinal), Reasons.All.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(SwitchMode.Manage, false, null)]
    [InlineData(SwitchMode.Manage, true, "lane-locked")]
    [InlineData(SwitchMode.Observe, false, "observed")]
    [InlineData(SwitchMode.Maintenance, false, "maintenance")]
    [InlineData(SwitchMode.Maintenance, true, "lane-locked")]
    [InlineData(SwitchMode.Locked, false, "lane-locked")]
    public void Only_a_managed_unlocked_switch_is_written(SwitchMode mode, bool locked, string? reason) => Assert.Equal(reason, Gates.Stop(mode, locked)?.Code);
}
