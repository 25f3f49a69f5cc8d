namespace ProvisionSvc.Devices;

/// <summary>What kind of trouble a device gave.</summary>
public enum DeviceFault
{
    /// <summary>No connection, or the connection was cut.</summary>
    Unreachable,

    /// <summary>Connected, but no answer in time.</summary>
    Timeout,

    /// <summary>No host key is pinned for this device: a person must trust it first.</summary>
    HostKeyUnknown,

    /// <summary>The device showed another host key than the pinned one.</summary>
    HostKeyChanged,

    /// <summary>The device refused our credential; asking again may lock the account.</summary>
    AuthenticationFailed,

    /// <summary>What answers SNMPv3 at the device's address is another engine than the pinned one (T5).</summary>
    EngineChanged,

    /// <summary>The device has no free session (VTY) for us now.</summary>
    SessionLimit,

    /// <summary>The device does not speak what was agreed: no common algorithm, a prompt that is not one, endless output.</summary>
    Protocol,

    /// <summary>The device refused what was asked.</summary>
    Rejected,
}

/// <summary>A device could not be talked to. The message says what was asked, of whom, and what came back.</summary>
public sealed class DeviceException(DeviceFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public DeviceFault Fault => fault;

    /// <summary>Worth asking again later; everything else needs a person or another template.</summary>
    public bool IsTransient => fault is DeviceFault.Unreachable or DeviceFault.Timeout or DeviceFault.SessionLimit;
}
