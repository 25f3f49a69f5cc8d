using System.IO.Pipelines;

namespace ProvisionSvc.Devices.Terminal;

/// <summary>Bytes to and from a device. Its pipe is bounded: a peer that floods an unread pipe is cut off, never buffered.</summary>
internal interface ITerminalTransport : IAsyncDisposable
{
    /// <summary>What the device sends; completed when nothing more will come.</summary>
    PipeReader Output { get; }

    int LocalPort { get; }

    /// <summary>Why nothing more comes, for a person.</summary>
    string Ending { get; }

    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct);

    /// <summary>Cuts the connection at once, without a word to the peer and without waiting for it.</summary>
    void Abort();
}
