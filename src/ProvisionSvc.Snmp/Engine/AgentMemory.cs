using System.Net;

namespace ProvisionSvc.Snmp;

/// <summary>What was learnt about one agent, and the slots that bound how much is asked of it at a time.</summary>
internal sealed class Agent(int slots) : IDisposable
{
    private const int MostSubjects = 32;
    private readonly Dictionary<Oid, int> _cells = [];

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

    public void Dispose() => Slots.Dispose();
}

/// <summary>The agents spoken with lately. Bounded: when full, the idle ones are forgotten; only hints are lost.</summary>
internal sealed class AgentMemory(SnmpClientOptions options)
{
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

    public Agent Enter(IPEndPoint endPoint)
    {
        lock (_lock)
        {
            if (!_agents.TryGetValue(endPoint, out var agent))
            {
                if (_agents.Count >= options.MaxAgents)
                {
                    ForgetIdle();
                }

                agent = new Agent(options.MaxInFlightPerAgent);
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
