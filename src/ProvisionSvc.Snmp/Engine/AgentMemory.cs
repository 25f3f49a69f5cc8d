using System.Net;
using System.Text;

namespace ProvisionSvc.Snmp;

/// <summary>What was learnt about one agent, and the slots that bound how much is asked of it at a time.</summary>
internal sealed class Agent(IPEndPoint endPoint, int slots, UsmPeer usm) : IDisposable
{
    private const int MostSubjects = 32;
    private readonly Dictionary<Oid, int> _cells = [];
    private readonly Dictionary<Oid, (int Rows, int Fitting)> _shapes = [];
    private (string Text, byte[] Octets) _community = ("", []);
    private double _mean; // ms
    private double _deviation;

    public IPEndPoint EndPoint => endPoint;

    /// <summary>The address as the operating system wants it.</summary>
    public SocketAddress Address { get; } = endPoint.Serialize();

    /// <summary>Its engine in v3.</summary>
    public UsmPeer Usm => usm;

    public SemaphoreSlim Slots { get; } = new(slots);

    /// <summary>Requests that use this agent now; guarded by the memory's lock.</summary>
    public int Users { get; set; }

    /// <summary>How many variables of a table fit into one of its answers, as tooBig has taught. One table's 12 KB values say nothing of another's.</summary>
    public int CellsOf(Oid subject)
    {
        lock (_cells)
        {
            return _cells.GetValueOrDefault(subject, int.MaxValue);
        }
    }

    public void Remember(Oid subject, int cells)
    {
        lock (_cells)
        {
            if (_cells.Count >= MostSubjects)
            {
                _cells.Clear();
            }

            _cells[new Oid(subject.Arcs)] = cells;
        }
    }

    /// <summary>How many rows the table had when it was last read to its end, and how many of them fitted into an answer; 0 when not known.</summary>
    public (int Rows, int Fitting) ShapeOf(Oid subject)
    {
        lock (_cells)
        {
            return _shapes.GetValueOrDefault(subject);
        }
    }

    public void RememberShape(Oid subject, int rows, int fitting)
    {
        lock (_cells)
        {
            if (_shapes.TryGetValue(subject, out var known) && known == (rows, fitting))
            {
                return;
            }

            if (_shapes.Count >= MostSubjects)
            {
                _shapes.Clear();
            }

            _shapes[new Oid(subject.Arcs)] = (rows, fitting);
        }
    }

    /// <summary>How long an answer may take before it is worth asking early (RFC 6298 §2: four deviations above the mean); null before the first measurement.</summary>
    public TimeSpan? UsualWait
    {
        get
        {
            lock (_cells)
            {
                return _mean > 0 ? TimeSpan.FromMilliseconds(_mean + (4 * _deviation)) : null;
            }
        }
    }

    /// <summary>An answer to a question that was asked once (RFC 6298 §3: of others nobody knows which attempt was answered).</summary>
    public void Measured(TimeSpan answered)
    {
        var milliseconds = Math.Max(0.001, answered.TotalMilliseconds);
        lock (_cells)
        {
            (_mean, _deviation) = _mean > 0
                ? (_mean + ((milliseconds - _mean) / 8), _deviation + ((Math.Abs(milliseconds - _mean) - _deviation) / 4))
                : (milliseconds, milliseconds / 2);
        }
    }

    /// <summary>The community's octets, made once as long as it stays the same.</summary>
    public byte[] CommunityOf(string text)
    {
        lock (_cells)
        {
            if (_community.Text != text)
            {
                _community = (text, Encoding.UTF8.GetBytes(text));
            }

            return _community.Octets;
        }
    }

    public void Dispose()
    {
        Slots.Dispose();
        usm.Dispose();
    }
}

/// <summary>The agents spoken with lately. Bounded: when full, the idle ones are forgotten; only hints are lost.</summary>
internal sealed class AgentMemory(SnmpClientOptions options, TimeProvider clock)
{
    private readonly KeyMaker _keyMaker = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<IPEndPoint, Agent> _agents = [];

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _agents.Count;
            }
        }
    }

    public Agent Enter(IPEndPoint asked)
    {
        var endPoint = Normalised(asked);
        lock (_lock)
        {
            if (!_agents.TryGetValue(endPoint, out var agent))
            {
                if (_agents.Count >= options.MaxAgents)
                {
                    ForgetIdle();
                }

                agent = new Agent(endPoint, options.MaxInFlightPerAgent, new UsmPeer(_keyMaker, clock));
                _agents.Add(endPoint, agent);
            }

            agent.Users++;
            return agent;
        }
    }

    public void Leave(Agent agent)
    {
        lock (_lock)
        {
            agent.Users--;
        }
    }

    /// <summary>Drops what was pinned about an agent's v3 engine.</summary>
    public void ForgetEngine(IPEndPoint asked)
    {
        lock (_lock)
        {
            if (_agents.TryGetValue(Normalised(asked), out var agent))
            {
                agent.Usm.Forget();
            }
        }
    }

    /// <summary>An IPv4 address written as IPv6 is the same agent.</summary>
    private static IPEndPoint Normalised(IPEndPoint endPoint) =>
        endPoint.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(endPoint.Address.MapToIPv4(), endPoint.Port) : endPoint;

    private void ForgetIdle()
    {
        foreach (var (endPoint, agent) in _agents)
        {
            if (agent.Users == 0)
            {
                _agents.Remove(endPoint);
                agent.Dispose();
            }
        }
    }
}
