using System.Net;
using ProvisionSvc.Core;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Devices.Switches;

/// <summary>Which SNMP engine answered for a switch when it last proved itself (RFC 3411 §5), and how often that had been started (reliability T5).</summary>
public sealed record EnginePin(ReadOnlyMemory<byte> EngineId, int Boots);

/// <summary>How a switch's agent is asked, and how it is told: by communities (v2c), or as users (v3).</summary>
public abstract record AgentLogin
{
    private AgentLogin()
    {
    }

    /// <summary>v2c. Without a write community nothing is ever SET.</summary>
    public sealed record Communities(Secret Read, Secret? Write) : AgentLogin;

    /// <summary>v3. The reader writes too where there is no writer.</summary>
    public sealed record Users(UsmUser Reader, UsmUser? Writer, string Context) : AgentLogin;

    /// <summary>Whether an agent says no to a wrong one; v2c agents are silent then, and nobody is locked out.</summary>
    internal bool CanBeRefused => this is Users;

    /// <summary>Whether another one writes than reads.</summary>
    internal bool HasWriter => this is Communities { Write: not null } or Users { Writer: not null };

    /// <summary>For reading, or for writing; null where this login may not write.</summary>
    internal SnmpTarget? Target(IPEndPoint agent, EnginePin? pin, bool writes) => this switch
    {
        Communities(var read, var write) when (writes ? write : read) is { } community => new SnmpTarget(agent) { Community = community.Reveal() },
        Users users => new SnmpTarget(agent)
        {
            Security = new SnmpV3Security(writes ? users.Writer ?? users.Reader : users.Reader)
            {
                Context = users.Context, EngineId = pin?.EngineId ?? default, KnownBoots = pin?.Boots ?? 0,
            },
        },
        _ => null,
    };
}
