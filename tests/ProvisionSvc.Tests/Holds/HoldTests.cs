using CsCheck;
using ProvisionSvc.Core.Holds;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Tests.Inventory;
using ProvisionSvc.Tests.Orders;

namespace ProvisionSvc.Tests.Holds;

public sealed class HoldTests
{
    public static TheoryData<HoldKind> Kinds => [.. Enum.GetValues<HoldKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_line_is_dark_while_one_hold_stands_whatever_its_kind(HoldKind kind) => Assert.False(ALine.Held(kind).IsLit);

    [Fact]
    public void A_payment_leaves_a_line_dark_that_the_regulator_holds()
    {
        var after = ALine.After(ALine.Held(HoldKind.Unpaid, HoldKind.Regulator), new Resume(HoldKind.Unpaid));
        Assert.False(after.IsLit);
        Assert.Equal(HoldKind.Regulator, Assert.Single(after.Holds).Kind);
        Assert.Equal(ServiceState.Inactive, after.Settled);
    }

    [Fact]
    public void The_last_released_hold_lights_the_line() => Assert.Equal(
        (true, ServiceState.Active),
        (ALine.After(ALine.Held(HoldKind.Unpaid), new Resume(HoldKind.Unpaid)).IsLit, ALine.After(ALine.Held(HoldKind.Unpaid), new Resume(HoldKind.Unpaid)).Settled));

    [Fact]
    public void In_whatever_order_holds_come_and_go_the_line_is_lit_exactly_while_none_stands()
    {
        var kinds = Enum.GetValues<HoldKind>();
        Check.Sample(
            Gen.Select(Gen.Bool, Choose.OneOf(kinds)).Array[0, 30],
            steps =>
            {
                var standing = new HashSet<HoldKind>();
                var line = ALine.Lit;
                foreach (var (place, kind) in steps)
                {
                    _ = place ? standing.Add(kind) : standing.Remove(kind);
                    line = ALine.After(line, place ? ALine.Suspend(kind) : new Resume(kind));
                }

                return line.IsLit == (standing.Count == 0) && line.Holds.Select(h => h.Kind).ToHashSet().SetEquals(standing) && line.Holds.Count == standing.Count;
            });
    }
}
