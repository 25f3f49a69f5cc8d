using System.Net;
using System.Net.Sockets;

namespace ProvisionSvc.Devices.Terminal.Ssh;

/// <summary>
/// Connects from a chosen source address. SSH.NET makes its own socket and binds it to nothing, so it connects to us on loopback and we connect on;
/// one connection only. The way costs a copy per packet: only prefixes with a source address take it.
/// </summary>
internal sealed class SourceRelay : IDetour
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _far;
    private readonly IPEndPoint _target;
    private Socket? _near;

    public SourceRelay(IPAddress source, IPEndPoint target)
    {
        _target = target;
        _far = new Socket(source.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(1);
        try
        {
            _far.Bind(new IPEndPoint(source, 0));
        }
        catch (SocketException e)
        {
            Dispose();
            throw new DeviceException(DeviceFault.Unreachable, $"{target} cannot be reached from {source}, which is no address of this machine: {e.Message}", e);
        }
    }

    public IPEndPoint Entrance => (IPEndPoint)_listener.LocalEndPoint!;

    public int LocalPort => ((IPEndPoint)_far.LocalEndPoint!).Port;

    public async Task OpenAsync(TimeSpan deadline, CancellationToken ct)
    {
        try
        {
            await _far.ConnectAsync(_target, ct).AsTask().WaitAsync(deadline, ct);
        }
        catch (Exception e) when (e is SocketException or TimeoutException)
        {
            throw new DeviceException(DeviceFault.Unreachable, $"{_target} cannot be reached from {((IPEndPoint)_far.LocalEndPoint!).Address}: {e.Message}", e);
        }

        _ = RunAsync(); // It ends with either of its sockets, and throws nothing.
    }

    public void Leave()
    {
        // What takes leave on one side is passed on to the other.
    }

    /// <summary>Passes bytes both ways until either side ends or the relay is disposed.</summary>
    private async Task RunAsync()
    {
        try
        {
            _near = await _listener.AcceptAsync();
            _near.NoDelay = true;
            _listener.Dispose();
            await Task.WhenAny(PassAsync(_near, _far), PassAsync(_far, _near));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed while nobody had come yet.
        }
        finally
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _near?.Dispose();
        _far.Dispose();
    }

    private static async Task PassAsync(Socket from, Socket to)
    {
        var buffer = new byte[32 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var count)
            {
                for (var sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // One side is gone; RunAsync closes the other, and SSH.NET reports what that means.
        }
    }
}
