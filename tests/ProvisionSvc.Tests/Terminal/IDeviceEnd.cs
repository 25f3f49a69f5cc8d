namespace ProvisionSvc.Tests.Terminal;

/// <summary>The device's end of a session: what it reads and writes. Every call ends with <see cref="EndOfStreamException"/> once the session has hung up.</summary>
internal interface IDeviceEnd
{
    Task WriteAsync(string text);

    /// <summary>Says nothing for a while.</summary>
    Task PauseAsync(TimeSpan time);

    Task<string> ReadLineAsync();

    Task<char> ReadKeyAsync();
}
