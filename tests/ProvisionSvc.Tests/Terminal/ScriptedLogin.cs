using ProvisionSvc.Devices.Terminal;

namespace ProvisionSvc.Tests.Terminal;

/// <summary>Logs a test in.</summary>
internal static class ScriptedLogin
{
    public static Task<ITerminalSession> LoginAsync(this ScriptedDevice device, TerminalDialect? dialect = null) =>
        device.LoginAsync(dialect ?? ScriptedDevice.Dialect, TestContext.Current.CancellationToken);
}
