using CsCheck;
using ProvisionSvc.Core.Orders;
using static ProvisionSvc.Core.Orders.OrderState;

namespace ProvisionSvc.Tests.Orders;

public sealed class OrderStateTests
{
    public static TheoryData<OrderState, OrderState[]> Cases => new()
    {
        { Completed, [] },
        { Completed, [Completed, Completed] },
        { Partial, [Completed, Failed] },
        { Partial, [Completed, Cancelled] },
        { Failed, [Failed, Failed] },
        { Failed, [Failed, Cancelled] },
        { Cancelled, [Cancelled, Cancelled] },
        { InProgress, [Completed, InProgress, Pending] },
        { Pending, [Failed, Pending, Held] },
        { Held, [Held, Acknowledged] },
        { InProgress, [Completed, Acknowledged] },
        { Acknowledged, [Acknowledged, Cancelled] },
        { Acknowledged, [Acknowledged, Acknowledged] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_order_is_as_far_as_its_items(OrderState order, OrderState[] items) => Assert.Equal(order, OrderStates.Of(items));

    [Fact]
    public void An_order_is_final_exactly_when_all_its_items_are() => Check.Sample(
        Gen.Enum<OrderState>().Array[1, 5],
        items => OrderStates.IsFinal(OrderStates.Of(items)) == items.All(OrderStates.IsFinal));

    [Theory]
    [InlineData(0, 0, 1, null)]
    [InlineData(29, 2, 1, null)]
    [InlineData(30, 0, 1, "30")]
    [InlineData(28, 0, 3, "30")]
    [InlineData(0, 3, 1, "b1")]
    [InlineData(0, 0, 4, "b1")]
    public void The_darkening_budget_counts_the_hour_and_the_building(int hour, int building, int more, string? says)
    {
        var sentence = new DarkeningBudget().Exceeded(hour, building, more, "b1");
        Assert.Equal(says is null, sentence is null);
        Assert.Contains(says ?? "", sentence ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Waiting_doubles_from_5_seconds_to_5_minutes_and_is_spread_by_a_quarter()
    {
        Assert.Equal([5, 10, 20, 40, 80, 160, 300, 300], Enumerable.Range(1, 8).Select(a => (int)Backoff.After(a, 0.5).TotalSeconds));
        Check.Sample(Gen.Select(Gen.Int[-5, int.MaxValue], Gen.Double[0, 1]), (attempts, spread) =>
            Backoff.After(attempts, spread) >= TimeSpan.FromSeconds(3.75) && Backoff.After(attempts, spread) <= TimeSpan.FromSeconds(375));
    }
}
