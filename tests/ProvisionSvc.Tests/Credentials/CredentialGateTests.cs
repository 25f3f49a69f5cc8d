using Microsoft.Extensions.Time.Testing;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Credentials;

namespace ProvisionSvc.Tests.Credentials;

/// <summary>T19: how many switches meet a secret of which nobody knows yet whether it is right.</summary>
public sealed class CredentialGateTests
{
    private const int Chances = 5;
    private readonly FakeTimeProvider _clock = new();
    private readonly CredentialGate.Door _door;
    private long _switch;
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    public CredentialGateTests() => _door = new CredentialGate(_clock).Of("lab", 1);

    [Fact]
    public async Task No_more_are_tried_at_once_than_may_refuse_it()
    {
        for (var i = 0; i < Chances; i++)
        {
            Assert.True(await EnterAsync());
        }

        var sixth = EnterAsync();
        Assert.False(sixth.IsCompleted);
        _door.Leave(Channel.Terminal, _switch - 1);
        Assert.True(await sixth);
        Assert.False(EnterAsync().IsCompleted);
    }

    [Fact]
    public async Task Each_that_takes_it_lets_one_more_go_until_one_refuses_or_it_is_long_ago()
    {
        await EnterAsync();
        _door.Leave(Channel.Terminal, _switch, taken: true);
        Assert.Equal(Chances + 1, await RoomAsync());

        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(Chances, await RoomAsync());

        await EnterAsync();
        _door.Leave(Channel.Terminal, _switch, taken: true);
        await EnterAsync();
        _door.Leave(Channel.Terminal, _switch, refused: true);
        Assert.Equal(Chances - 1, await RoomAsync(Chances - 1));
    }

    [Fact]
    public async Task Whoever_read_the_refusals_before_one_more_was_written_down_reads_again()
    {
        var before = _door.Refusals;
        await EnterAsync();
        _door.Leave(Channel.Terminal, _switch, refused: true);

        Assert.False(await _door.EnterAsync(Channel.Terminal, ++_switch, Chances, before, _ct));
        Assert.True(await _door.EnterAsync(Channel.Terminal, ++_switch, Chances, _door.Refusals, _ct));
    }

    [Fact]
    public async Task Switches_that_say_nothing_hold_nobody_up_for_long()
    {
        for (var i = 0; i < Chances; i++)
        {
            await EnterAsync();
        }

        _clock.Advance(TimeSpan.FromSeconds(11));
        Assert.True(await EnterAsync());
    }

    [Fact]
    public async Task Whoever_waits_while_one_refuses_reads_again()
    {
        for (var i = 0; i < Chances; i++)
        {
            await EnterAsync();
        }

        var waiting = EnterAsync();
        _door.Leave(Channel.Terminal, 1, refused: true);
        Assert.False(await waiting);
    }

    [Fact]
    public async Task Nobody_tries_it_beside_another_on_the_same_switch()
    {
        Assert.True(await _door.EnterAsync(Channel.Snmp, 7, Chances, 0, _ct));
        var beside = _door.EnterAsync(Channel.Snmp, 7, Chances, 0, _ct);
        Assert.False(beside.IsCompleted);
        Assert.True(await _door.EnterAsync(Channel.Terminal, 7, Chances, 0, _ct));

        _door.Leave(Channel.Snmp, 7, taken: true);
        Assert.True(await beside);
    }

    private Task<bool> EnterAsync() => _door.EnterAsync(Channel.Terminal, ++_switch, Chances, _door.Refusals, _ct);

    /// <summary>How many get in at this moment; they stay.</summary>
    private async Task<int> RoomAsync(int chances = Chances)
    {
        var inside = 0;
        while (true)
        {
            var next = _door.EnterAsync(Channel.Terminal, ++_switch, chances, _door.Refusals, _ct);
            if (!next.IsCompleted)
            {
                // The clock stands still, so it waits for somebody to leave: all do.
                for (var i = 1; i <= inside; i++)
                {
                    _door.Leave(Channel.Terminal, _switch - i);
                }

                Assert.True(await next);
                _door.Leave(Channel.Terminal, _switch);
                return inside;
            }

            Assert.True(await next);
            inside++;
        }
    }
}
