using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace ProvisionSvc.Snmp;

/// <summary>Readings of cells, used again and again: at most as many as may be in flight.</summary>
internal sealed class CellReader(RequestEngine engine, SnmpClientOptions options) : IDisposable
{
    private readonly ConcurrentQueue<CellReading> _idle = new();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<SnmpCells> ReadAsync(SnmpTarget target, SnmpColumns columns, ISnmpCellSink sink, SnmpReadLimits limits, CancellationToken ct)
    {
        engine.ThrowIfEnded();
        var agent = engine.Agents.Enter(target.EndPoint);
        try
        {
            await engine.EnterAsync(agent, ct);
            var reading = _idle.TryDequeue(out var idle) ? idle : new CellReading(engine, options);
            try
            {
                ct.ThrowIfCancellationRequested();
                var result = reading.ReadAsync(target, agent, columns, sink, limits);
                await using var cancel = ct.UnsafeRegister(static (state, token) => ((Exchange)state!).Abort(new OperationCanceledException(token)), reading);
                return await result;
            }
            finally
            {
                reading.Clear();
                _idle.Enqueue(reading);
                engine.Leave(agent);
            }
        }
        finally
        {
            engine.Agents.Leave(agent);
        }
    }

    public void Dispose()
    {
        while (_idle.TryDequeue(out var reading))
        {
            reading.Dispose();
        }
    }
}
