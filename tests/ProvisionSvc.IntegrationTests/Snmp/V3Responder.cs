using System.Net;
using System.Net.Sockets;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.IntegrationTests.Snmp;

/// <summary>A v3 agent on our own engine with one variable, for Net-SNMP's tools.</summary>
internal sealed class V3Responder : IAsyncDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource _stop = new();
    private readonly UsmAuthority _authority;
    private readonly Task _loop;

    public V3Responder(UsmUser user)
    {
        _authority = new UsmAuthority(UsmAuthority.MakeEngineId(8_072, "responder"u8), 3, [user]);
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _loop = Task.Run(ServeAsync);
    }

    public EndPoint EndPoint => _socket.LocalEndPoint!;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _socket.Dispose();
        _stop.Dispose();
        _authority.Dispose();
    }

    private async Task ServeAsync()
    {
        var (buffer, output) = (new byte[65_507], new byte[65_507]);
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
                if (_authority.TryOpen(buffer.AsSpan(0, received.ReceivedBytes), output, out var request, out var length))
                {
                    var answer = new SnmpPdu(PduType.Response, request.Pdu.RequestId, [.. request.Pdu.VarBinds.Select(asked => new VarBind(asked.Oid, SnmpValue.OctetString("sw-12")))]);
                    length = _authority.Seal(request, answer, output);
                }

                await _socket.SendToAsync(output.AsMemory(output.Length - length), SocketFlags.None, received.RemoteEndPoint, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
