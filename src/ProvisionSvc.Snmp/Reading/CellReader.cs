using System.Collections.Concurrent;

namespace ProvisionSvc.Snmp;

/// <summary>Readings of cells, used again and again: at most as many as may be in flight.</summary>
internal sealed class CellReader(RequestEngine engine, SnmpClientOptions options) : IDisposable
{
    private readonly ConcurrentQueue<CellReading> _idle = new();

    /// <summary>Where a slot is free nothing is awaited here, and so no state machine is made: the reading itself is what the caller awaits.</summary>
    public ValueTask<SnmpCells> ReadAsync(SnmpTarget target, SnmpColumns columns, ISnmpCellSink sink, SnmpReadLimits limits, CancellationToken ct)
    {
        if (engine.WhyEnded() is { } reason)
        {
            return ValueTask.FromException<SnmpCells>(reason);
        }

        if (ct.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<SnmpCells>(ct);
        }

        var agent = engine.Agents.Enter(target.EndPoint);
        return engine.TryEnter(agent) ? Start(target, agent, columns, sink, limits, ct) : WaitAndReadAsync(target, agent, columns, sink, limits, ct);
    }

    /// <summary>The reading has been heard: it may serve the next one.</summary>
    public void Return(CellReading reading) => _idle.Enqueue(reading);

    public void Dispose()
    {
        while (_idle.TryDequeue(out var reading))
        {
            reading.Dispose();
        }
    }

    private ValueTask<SnmpCells> Start(SnmpTarget target, Agent agent, SnmpColumns columns, ISnmpCellSink sink, SnmpReadLimits limits, CancellationToken ct)
    {
        var reading = _idle.TryDequeue(out var idle) ? idle : new CellReading(engine, options, this);
        return reading.ReadAsync(target, agent, columns, sink, limits, ct);
    }

    private async ValueTask<SnmpCells> WaitAndReadAsync(
        SnmpTarget target, Agent agent, SnmpColumns columns, ISnmpCellSink sink, SnmpReadLimits limits, CancellationToken ct)
    {
        try
        {
            await engine.EnterAsync(agent, ct);
        }
        catch
        {
            engine.Agents.Leave(agent);
            throw;
        }

        return await Start(target, agent, columns, sink, limits, ct);
    }
}
