using Microsoft.Extensions.Time.Testing;
using ProvisionSvc.Polling.Notifications;

namespace ProvisionSvc.Tests.Polling;

/// <summary>How notifications become readings: soon, once, and not more often than a switch and the process may be asked (F46, T3).</summary>
public sealed class HintedSwitchesTests
{
    private static readonly NotificationOptions Options = new() { Gather = TimeSpan.FromMilliseconds(500), Pause = TimeSpan.FromSeconds(10), ReadingsPerSecond = 5 };
    private readonly FakeTimeProvider _clock = new();
    private readonly HintedSwitches _hinted;

    public HintedSwitchesTests() => _hinted = new HintedSwitches(Options, _clock);

    [Fact]
    public void A_switch_is_read_once_for_all_that_it_says_within_the_gathering_time()
    {
        for (var i = 0; i < 100; i++)
        {
            _hinted.Hint(7);
        }

        Assert.Empty(_hinted.Take());
        _clock.Advance(Options.Gather);
        Assert.Equal([7], _hinted.Take());
        Assert.Empty(_hinted.Take());
    }

    [Fact]
    public void What_a_switch_says_while_it_rests_is_one_more_reading_afterwards()
    {
        _hinted.Hint(7);
        _clock.Advance(Options.Gather);
        _ = _hinted.Take();
        for (var second = 0; second < 9; second++)
        {
            _hinted.Hint(7);
            _clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Empty(_hinted.Take());
        }

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([7], _hinted.Take());
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Empty(_hinted.Take());
    }

    [Fact]
    public void No_more_switches_are_read_in_a_second_than_the_rate_allows_and_none_is_forgotten()
    {
        for (var id = 1; id <= 12; id++)
        {
            _hinted.Hint(id);
        }

        _clock.Advance(Options.Gather);
        var read = new List<long>();
        int[] perSecond = [.. Enumerable.Range(0, 3).Select(_ =>
        {
            var taken = _hinted.Take();
            read.AddRange([.. taken, .. _hinted.Take()]);
            _clock.Advance(TimeSpan.FromSeconds(1));
            return taken.Length;
        })];
        Assert.Equal([5, 5, 2], perSecond);
        Assert.Equal(Enumerable.Range(1, 12).Select(i => (long)i), read.Order());
    }
}
