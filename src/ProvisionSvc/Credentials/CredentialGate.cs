using System.Collections.Concurrent;
using ProvisionSvc.Core.Plans;

namespace ProvisionSvc.Credentials;

/// <summary>
/// How many switches a generation of a credential is tried on at once in this process. It begins with as many as may refuse it before it is blocked, and each
/// that takes it lets one more go: so a wrong secret meets no more switches than that, and a right one is soon not held up (T19).
/// </summary>
internal sealed class CredentialGate(TimeProvider clock)
{
    // A switch that takes longer than its like to say yes or no is away rather than refusing, and holds nobody up.
    private static readonly TimeSpan TerminalPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AgentPatience = TimeSpan.FromSeconds(2);

    // Whoever took it longer ago says nothing of now.
    private static readonly TimeSpan TakenLately = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<(string Name, int Generation), Door> _doors = new();

    public Door Of(string name, int generation) => _doors.GetOrAdd((name, generation), _ => new Door(clock));

    /// <summary>Of one generation of one credential.</summary>
    internal sealed class Door(TimeProvider clock)
    {
        private readonly Lock _lock = new();
        private readonly List<(Channel Channel, long Switch, long Since)> _inside = [];
        private readonly Queue<long> _taken = [];
        private TaskCompletionSource _change = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _refusals;

        /// <summary>Rises with each refusal that was written down: what was read before is stale then.</summary>
        public int Refusals
        {
            get
            {
                lock (_lock)
                {
                    return _refusals;
                }
            }
        }

        /// <summary>Goes in as soon as there is room beside those whose answer is awaited. False: a refusal was written down meanwhile, so the caller reads again.</summary>
        /// <param name="switchId">Which switch: nobody tries beside another on the same one.</param>
        /// <param name="chances">How many more may refuse before it is blocked.</param>
        /// <param name="refusals">What <see cref="Refusals"/> was before that was read.</param>
        public async Task<bool> EnterAsync(Channel channel, long switchId, int chances, int refusals, CancellationToken ct)
        {
            while (true)
            {
                Task change;
                lock (_lock)
                {
                    if (refusals != _refusals)
                    {
                        return false;
                    }

                    if (HasRoom(channel, switchId, chances))
                    {
                        _inside.Add((channel, switchId, clock.GetTimestamp()));
                        return true;
                    }

                    change = _change.Task;
                }

                // Those inside may also become too old to count.
                await Task.WhenAny(change, Task.Delay(AgentPatience, clock, ct));
                ct.ThrowIfCancellationRequested();
            }
        }

        public void Leave(Channel channel, long switchId, bool taken = false, bool refused = false)
        {
            lock (_lock)
            {
                // Who cannot be refused (v2c) was never inside, and vouches for nothing.
                if (_inside.FindIndex(i => i.Channel == channel && i.Switch == switchId) is >= 0 and var at)
                {
                    _inside.RemoveAt(at);
                    if (taken)
                    {
                        _taken.Enqueue(clock.GetTimestamp());
                    }
                }

                if (refused)
                {
                    _refusals++;
                    _taken.Clear();
                }

                _change.TrySetResult();
                _change = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        private bool HasRoom(Channel channel, long switchId, int chances)
        {
            var now = clock.GetTimestamp();
            while (_taken.TryPeek(out var oldest) && clock.GetElapsedTime(oldest, now) > TakenLately)
            {
                _taken.Dequeue();
            }

            var awaited = _inside.FindAll(i => clock.GetElapsedTime(i.Since, now) <= Patience(i.Channel));
            return awaited.Count < chances + _taken.Count && !awaited.Exists(i => i.Channel == channel && i.Switch == switchId);
        }

        private static TimeSpan Patience(Channel channel) => channel == Channel.Terminal ? TerminalPatience : AgentPatience;
    }
}
