using System.ComponentModel.DataAnnotations;
using System.Net;

namespace ProvisionSvc.Snmp;

/// <summary>What bounds an <see cref="SnmpClient"/> as a whole.</summary>
public sealed class SnmpClientOptions
{
    /// <summary>Sockets per address family. Several, because the kernel drops answers when one receive buffer is full.</summary>
    [Range(1, 64)]
    public int Sockets { get; set; } = 2;

    /// <summary>The receive buffer asked for per socket, in octets; the kernel may grant less.</summary>
    [Range(4_096, 1 << 28)]
    public int ReceiveBuffer { get; set; } = 4 << 20;

    /// <summary>Requests unanswered at a time over all agents; further ones wait their turn.</summary>
    [Range(1, 100_000)]
    public int MaxInFlight { get; set; } = 4_096;

    /// <summary>Requests unanswered at a time per agent: small switches answer one after the other and drop what they cannot queue.</summary>
    [Range(1, 1_000)]
    public int MaxInFlightPerAgent { get; set; } = 2;

    /// <summary>The size of answer that GETBULK aims at, in octets: what passes an Ethernet without being cut into fragments (RFC 3417 §3.2.2).</summary>
    [Range(484, 65_507)]
    public int AnswerSize { get; set; } = 1_472;

    /// <summary>How many agents' habits are remembered.</summary>
    [Range(1, 10_000_000)]
    public int MaxAgents { get; set; } = 65_536;

    /// <summary>How datagrams reach the kernel.</summary>
    public SnmpTransport Transport { get; set; } = SnmpTransport.Best;

    /// <summary>The IPv4 address to speak from.</summary>
    public IPAddress LocalAddress { get; set; } = IPAddress.Any;

    /// <summary>The IPv6 address to speak from.</summary>
    public IPAddress LocalAddressV6 { get; set; } = IPAddress.IPv6Any;

    /// <summary>
    /// Told what becomes known about v3 engines: pins, restarts and the alarms of a changed engine id or of boots that went back. Called on the thread pool.
    /// </summary>
    public Action<SnmpEngineEvent>? EngineNews { get; set; }
}

/// <summary>How datagrams reach the kernel; <see cref="SnmpClient.Transport"/> says which way was taken.</summary>
public enum SnmpTransport
{
    /// <summary>Batches where the system has them, else plain sockets.</summary>
    Best,

    /// <summary>Linux: many datagrams per system call (recvmmsg, sendmmsg), a thread per socket.</summary>
    Batches,

    /// <summary>Everywhere: asynchronous sockets, a system call per datagram.</summary>
    Sockets,
}
