using System.Net;

namespace ProvisionSvc.Snmp;

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
