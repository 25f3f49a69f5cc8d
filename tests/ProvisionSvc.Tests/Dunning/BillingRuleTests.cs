using CsCheck;
using ProvisionSvc.Core.Dunning;

namespace ProvisionSvc.Tests.Dunning;

public sealed class BillingRuleTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 3, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_first_event_counts()
    {
        Assert.Equal(BillingConsequence.PlaceHolds, BillingRule.Of(BillingEventKind.Unpaid, Noon, null));
        Assert.Equal(BillingConsequence.ReleaseHolds, BillingRule.Of(BillingEventKind.Paid, Noon, null));
    }

    [Fact]
    public void An_older_event_that_comes_late_changes_nothing()
    {
        Assert.Equal(BillingConsequence.Ignore, BillingRule.Of(BillingEventKind.Unpaid, Noon, new(Noon.AddSeconds(1), BillingEventKind.Paid)));
        Assert.Equal(BillingConsequence.Ignore, BillingRule.Of(BillingEventKind.Paid, Noon, new(Noon.AddSeconds(1), BillingEventKind.Unpaid)));
    }

    [Fact]
    public void The_same_event_again_has_the_same_consequence() =>
        Assert.Equal(BillingConsequence.ReleaseHolds, BillingRule.Of(BillingEventKind.Paid, Noon, new(Noon, BillingEventKind.Paid)));

    [Fact]
    public void At_the_same_moment_the_payment_outweighs_the_debt()
    {
        Assert.Equal(BillingConsequence.Ignore, BillingRule.Of(BillingEventKind.Unpaid, Noon, new(Noon, BillingEventKind.Paid)));
        Assert.Equal(BillingConsequence.ReleaseHolds, BillingRule.Of(BillingEventKind.Paid, Noon, new(Noon, BillingEventKind.Unpaid)));
    }

    [Fact]
    public void Times_are_compared_as_instants_not_as_clocks() =>
        Assert.Equal(BillingConsequence.Ignore, BillingRule.Of(BillingEventKind.Unpaid, new DateTimeOffset(2026, 3, 3, 19, 59, 0, TimeSpan.FromHours(8)), new(Noon, BillingEventKind.Paid)));

    [Fact]
    public void However_events_are_shuffled_and_doubled_the_newest_has_the_last_word()
    {
        var feed = Gen.Select(Gen.Int[0, 50], Gen.Bool).Array[1, 20].Select(events => events.DistinctBy(e => e.Item1).ToList());
        Check.Sample(Gen.Select(feed, Gen.Int), (events, seed) =>
        {
            var shuffled = events.Concat(events).ToArray();
            new Random(seed).Shuffle(shuffled);
            AppliedEvent? newest = null;
            var held = false;
            foreach (var (minute, unpaid) in shuffled)
            {
                var kind = unpaid ? BillingEventKind.Unpaid : BillingEventKind.Paid;
                var consequence = BillingRule.Of(kind, Noon.AddMinutes(minute), newest);
                if (consequence != BillingConsequence.Ignore)
                {
                    newest = new(Noon.AddMinutes(minute), kind);
                    held = consequence == BillingConsequence.PlaceHolds;
                }
            }

            return held == events.MaxBy(e => e.Item1).Item2;
        });
    }
}
