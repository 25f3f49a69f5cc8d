using System.Net;
using System.Net.Sockets;

namespace ProvisionSvc.Snmp;

/// <summary>Receives what arrives. Called from several threads; what it throws ends the transport.</summary>
/// <param name="datagram">The receiver's until it returns.</param>
/// <param name="from">The sender's address as the operating system gives it.</param>
internal delegate void DatagramReceiver(int lane, Span<byte> datagram, ReadOnlySpan<byte> from);

/// <summary>Sends and receives datagrams over a few numbered lanes, each a socket with a port of its own.</summary>
internal interface IDatagramTransport : IAsyncDisposable
{
    /// <summary>What it is, for people.</summary>
    string Name { get; }

    /// <summary>The lane an agent is always spoken to over.</summary>
    int LaneOf(IPEndPoint agent);

    /// <exception cref="SocketException">The operating system could not send it.</exception>
    void Send(int lane, ReadOnlySpan<byte> datagram, SocketAddress to);
}
