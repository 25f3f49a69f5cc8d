using ProvisionSvc.Core.Holds;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Core.Plans;

namespace ProvisionSvc.Tests.Orders;

public sealed class AdoptTests
{
    private static readonly Dictionary<IntentField, string?> AsOrdered = new()
    {
        [IntentField.AdminStatus] = "up", [IntentField.AccessVlan] = "1007", [IntentField.RateDown] = "100000", [IntentField.RateUp] = "50000", [IntentField.Alias] = "C-1",
    };

    private static Adopt Adopt(params IReadOnlyList<(IntentField Field, string? Value)> seen)
    {
        var values = new Dictionary<IntentField, string?>(AsOrdered);
        foreach (var (field, value) in seen)
        {
            values[field] = value;
        }

        return new(null, new(values), new HashSet<int> { 1099 }, "engineer");
    }

    /// <summary>What is adopted is what was read: nothing would be typed.</summary>
    private static void IsAsRead(Adopt adopt, Service service)
    {
        var intent = DeriveIntent.For(ALine.Port, [ALine.After(service, adopt)]);
        Assert.Empty(Compare.Differences(intent.Values, adopt.Reading));
    }

    [Fact]
    public void A_port_that_is_as_ordered_changes_nothing() => Assert.IsType<Decision.NoChange>(Adopt().Decide(ALine.Lit, ALine.Now));

    [Fact]
    public void VLAN_and_rates_become_what_was_read()
    {
        var adopt = Adopt((IntentField.AccessVlan, "1010"), (IntentField.RateDown, "77000"));
        IsAsRead(adopt, ALine.Lit);
        Assert.Equal(ALine.Attachment with { Vlan = new(1010), RateDown = Bandwidth.FromKbps(77_000) }, Assert.Single(ALine.After(ALine.Lit, adopt).Attachments));
    }

    [Fact]
    public void A_port_without_limits_leaves_the_rates_to_others()
    {
        var adopt = Adopt((IntentField.RateDown, null), (IntentField.RateUp, null));
        IsAsRead(adopt, ALine.Lit);
        Assert.Equal((true, ALine.Down), ALine.After(ALine.Lit, adopt).Attachments.Select(a => (a.RateEnforcedElsewhere, a.RateDown)).Single());
    }

    [Fact]
    public void A_dark_port_gets_a_reason()
    {
        var adopt = Adopt((IntentField.AdminStatus, "down"));
        IsAsRead(adopt, ALine.Lit);
        Assert.Equal(HoldKind.Engineering, Assert.Single(ALine.After(ALine.Lit, adopt).Holds).Kind);
        Assert.IsType<Decision.NoChange>(adopt.Decide(ALine.Held(HoldKind.Unpaid), ALine.Now));
    }

    [Fact]
    public void What_cannot_be_taken_over_is_said_all_at_once() => Assert.Equal(
        ["lit-but-held", "alias-differs", "vlan-taken"],
        ALine.Refused(Adopt((IntentField.Alias, "x\ny"), (IntentField.AccessVlan, "1099")), ALine.Held(HoldKind.Regulator)));

    [Fact]
    public void A_port_without_an_access_VLAN_is_not_adopted() => Assert.Equal(["no-access-vlan"], ALine.Refused(Adopt((IntentField.AccessVlan, null)), ALine.Lit));
}
