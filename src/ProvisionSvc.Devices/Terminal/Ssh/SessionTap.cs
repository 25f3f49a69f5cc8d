using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Compression;
using Renci.SshNet.Messages.Transport;
using Renci.SshNet.Security;
using Renci.SshNet.Security.Cryptography;

namespace ProvisionSvc.Devices.Terminal.Ssh;

/// <summary>
/// Learns a connection's socket while its keys are exchanged. SSH.NET shows its socket to nobody, and every one of its calls may block on a peer
/// that has gone silent (a full send buffer holds the very lock that its Dispose wants); closing the socket under it is the one thing that always works.
/// </summary>
internal sealed class SessionTap
{
    private volatile Session? _session;
    private volatile Socket? _socket;
    private volatile bool _cut;
    private int _localPort;
    private int _detourPort;

    /// <summary>The way to the device, where it is not simply connected to.</summary>
    public IDetour? Detour { get; init; }

    /// <summary>Our port towards the device.</summary>
    public int LocalPort => Detour is null ? _localPort : _detourPort;

    /// <summary>The server said goodbye; the library tells nobody else.</summary>
    public Action Disconnected { get; set; } = () => { };

    /// <summary>Puts the tap into every key exchange that the connection may choose.</summary>
    public void Attach(ConnectionInfo connection)
    {
        foreach (var (name, create) in connection.KeyExchangeAlgorithms.ToList())
        {
            connection.KeyExchangeAlgorithms[name] = () => new Tapped(create(), this);
        }
    }

    /// <summary>Closes the socket, whoever is using it.</summary>
    public void Cut()
    {
        _cut = true;
        _socket?.Dispose();
        Detour?.Dispose();
    }

    /// <summary>
    /// Acknowledges at once what the peer sent, for the next 48 ms or until disposed. OpenSSH follows its "authenticated" with a second small packet and
    /// leaves Nagle's algorithm on until it has a terminal: its next answer then waits for our kernel's delayed acknowledgement, some 42 ms. A peer that takes
    /// longer than that is slow for reasons of its own.
    /// </summary>
    public IDisposable? AcknowledgeEagerly() => OperatingSystem.IsLinux() && _socket is { } socket ? new EagerAcknowledgement(socket) : null;

    private void Learn(Session session)
    {
        if (_session is not null)
        {
            return; // A later exchange of new keys on the same connection.
        }

        _session = session;
        _socket = SocketOf(session);
        _localPort = (_socket.LocalEndPoint as System.Net.IPEndPoint)?.Port ?? 0;
        _detourPort = Detour?.LocalPort ?? 0;
        session.Disconnected += (_, _) => Disconnected();
        if (_cut)
        {
            _socket.Dispose();
        }
    }

    // The version of SSH.NET is pinned; a test opens a session and asks for its local port.
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_socket")]
    private static extern ref Socket SocketOf(Session session);

    /// <summary>The kernel takes TCP_QUICKACK for the next acknowledgements only (tcp(7)), so it is told again and again.</summary>
    private sealed class EagerAcknowledgement : IDisposable
    {
        // linux/in.h, linux/tcp.h
        private const int IpProtoTcp = 6;
        private const int TcpQuickAck = 12;
        private const int EveryMilliseconds = 3;

        private readonly Socket _socket;
        private readonly Timer _timer;
        private int _left = 16;

        public EagerAcknowledgement(Socket socket)
        {
            _socket = socket;
            _timer = new Timer(static me => ((EagerAcknowledgement)me!).Tell(), this, Timeout.Infinite, Timeout.Infinite);
            _timer.Change(0, EveryMilliseconds);
        }

        public void Dispose() => _timer.Dispose();

        private void Tell()
        {
            if (Interlocked.Decrement(ref _left) < 0)
            {
                _timer.Dispose();
                return;
            }

            try
            {
                _socket.SetRawSocketOption(IpProtoTcp, TcpQuickAck, [1, 0, 0, 0]);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The connection went away meanwhile; whoever uses it sees that.
            }
        }
    }

    private sealed class Tapped(IKeyExchange inner, SessionTap tap) : IKeyExchange
    {
        public event EventHandler<HostKeyEventArgs> HostKeyReceived
        {
            add => inner.HostKeyReceived += value;
            remove => inner.HostKeyReceived -= value;
        }

        public string Name => inner.Name;

        public byte[] ExchangeHash => inner.ExchangeHash;

        public void Start(Session session, KeyExchangeInitMessage message, bool sendClientInitMessage)
        {
            tap.Learn(session);
            inner.Start(session, message, sendClientInitMessage);
        }

        public void Finish() => inner.Finish();

        public Cipher CreateClientCipher(out bool isAead) => inner.CreateClientCipher(out isAead);

        public Cipher CreateServerCipher(out bool isAead) => inner.CreateServerCipher(out isAead);

        public HashAlgorithm CreateServerHash(out bool isEncryptThenMAC) => inner.CreateServerHash(out isEncryptThenMAC);

        public HashAlgorithm CreateClientHash(out bool isEncryptThenMAC) => inner.CreateClientHash(out isEncryptThenMAC);

        public Compressor CreateCompressor() => inner.CreateCompressor();

        public Compressor CreateDecompressor() => inner.CreateDecompressor();

        public void Dispose() => inner.Dispose();
    }
}
