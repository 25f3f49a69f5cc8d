using System.Net;

namespace ProvisionSvc.Devices.Terminal.Ssh;

/// <summary>
/// A way to a device that SSH.NET cannot take by itself: it connects to the entrance, on loopback, and comes out at the device. The device's host key still
/// proves who answers.
/// </summary>
internal interface IDetour : IDisposable
{
    IPEndPoint Entrance { get; }

    /// <summary>Our port towards the device, or towards the jump host.</summary>
    int LocalPort { get; }

    /// <summary>Opens the way; until then there is no entrance.</summary>
    /// <exception cref="DeviceException">It cannot be opened.</exception>
    Task OpenAsync(TimeSpan deadline, CancellationToken ct);

    /// <summary>Takes leave where somebody is there to take leave of. Blocks; disposing cuts.</summary>
    void Leave();
}
