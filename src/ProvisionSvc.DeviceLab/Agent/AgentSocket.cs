using System.Net;
using System.Net.Sockets;

namespace ProvisionSvc.DeviceLab.Agent;

/// <summary>One agent's UDP socket at its own address; all agents of a lab use the same port.</summary>
internal sealed class AgentSocket : IAsyncDisposable
{
    /// <summary>What one UDP datagram holds over IPv4.</summary>
    public const int LargestDatagram = 65507;

    private const int LargestRequest = 4096;

    private readonly Socket _socket;
    private readonly IResponder _responder;
    private readonly byte[] _output;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    private AgentSocket(Socket socket, IResponder responder)
    {
        (_socket, _responder, _output) = (socket, responder, new byte[responder.MaxMessage]);
        _loop = RunAsync(_stop.Token);
    }

    /// <summary>Binds all addresses to one port: the port wished for, or (0) one that is free at every address.</summary>
    public static (int Port, List<AgentSocket> Sockets) OpenAll(IReadOnlyList<(IPAddress Address, IResponder Responder)> agents, int wishedPort)
    {
        for (var attempt = 1; ; attempt++)
        {
            var bound = new List<Socket>(agents.Count);
            try
            {
                var port = wishedPort;
                foreach (var (address, _) in agents)
                {
                    var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
                    bound.Add(socket);
                    socket.Bind(new IPEndPoint(address, port));
                    port = ((IPEndPoint)socket.LocalEndPoint!).Port;
                }

                return (port, [.. bound.Zip(agents, (socket, agent) => new AgentSocket(socket, agent.Responder))]);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                foreach (var socket in bound) socket.Dispose();
                if (wishedPort != 0 || attempt == 50)
                {
                    throw new LabException($"UDP port {wishedPort} is in use at {agents[bound.Count - 1].Address}: choose another --snmp-port or --base.", e);
                }
            }
        }
    }

    private async Task RunAsync(CancellationToken ct)
    {
        var input = new byte[LargestRequest];
        var from = new IPEndPoint(IPAddress.Any, 0);
        while (!ct.IsCancellationRequested)
        {
            try
            {
                var received = await _socket.ReceiveFromAsync(input.AsMemory(), SocketFlags.None, from, ct);
                var length = _responder.Answer(input.AsSpan(0, received.ReceivedBytes), received.RemoteEndPoint, _output);
                if (length > 0) await _socket.SendToAsync(_output.AsMemory(0, length), SocketFlags.None, received.RemoteEndPoint, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException)
            {
                // The asker has gone (ICMP port unreachable comes back as an error of the next call), or sent more than fits: its loss.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _socket.Dispose();
        _stop.Dispose();
    }
}
