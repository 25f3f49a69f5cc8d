using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ProvisionSvc.Snmp;

/// <summary>An answer and the size of the datagram it came in.</summary>
internal sealed record SnmpAnswer(SnmpPdu Pdu, int Octets);

/// <summary>A question under way: its attempts' ids, and what an answer must look like to be one.</summary>
internal sealed class PendingRequest(SnmpTarget target, int lane) : TaskCompletionSource<SnmpAnswer>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private int _malformed;
    private int _foreign;

    public SocketAddress Address { get; } = Normalised(target.EndPoint).Serialize();

    public byte[] Community { get; } = Encoding.UTF8.GetBytes(target.Community);

    /// <summary>The socket it was sent from.</summary>
    public int Lane => lane;

    /// <summary>The ids of its attempts so far: a late answer to an earlier one is as good (reliability F38).</summary>
    public List<int> Ids { get; } = new(target.Retries + 1);

    /// <summary>Answers with the right id that could not be decoded.</summary>
    public int Malformed => Volatile.Read(ref _malformed);

    /// <summary>Answers with the right id from another address, port or community: not heard, but worth telling whoever looks for the reason.</summary>
    public int Foreign => Volatile.Read(ref _foreign);

    public void CountForeign() => Interlocked.Increment(ref _foreign);

    public void CountMalformed() => Interlocked.Increment(ref _malformed);

    public bool HasSent(in SnmpFrame frame) => frame.Version == target.Version && frame.Community.SequenceEqual(Community);

    /// <summary>Same address and port as asked; the layout of sockaddr_in and sockaddr_in6 is the same on every system that .NET runs on.</summary>
    public bool IsFrom(SocketAddress source)
    {
        ReadOnlySpan<byte> asked = Address.Buffer.Span;
        ReadOnlySpan<byte> came = source.Buffer.Span;
        return Address.Family == source.Family && asked[2..4].SequenceEqual(came[2..4])
            && (Address.Family == AddressFamily.InterNetwork ? asked[4..8].SequenceEqual(came[4..8]) : asked[8..24].SequenceEqual(came[8..24]));
    }

    public static IPEndPoint Normalised(IPEndPoint endPoint) =>
        endPoint.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(endPoint.Address.MapToIPv4(), endPoint.Port) : endPoint;
}
