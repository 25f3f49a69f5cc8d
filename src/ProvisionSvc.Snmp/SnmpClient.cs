using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ProvisionSvc.Snmp;

/// <summary>An SNMP manager for v1, v2c and v3: many agents at once over a few sockets. One per process is enough; thread-safe.</summary>
public sealed class SnmpClient : ISnmpClient, IAsyncDisposable
{
    private readonly SnmpClientOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly RequestEngine _engine;
    private readonly VariableReader _variables;
    private readonly CellReader _cells;

    public SnmpClient(SnmpClientOptions? options = null, TimeProvider? clock = null, ILogger<SnmpClient>? logger = null)
    {
        _options = options ?? new SnmpClientOptions();
        _clock = clock ?? TimeProvider.System;
        _logger = logger ?? NullLogger<SnmpClient>.Instance;
        _engine = new RequestEngine(_options, _clock, _logger);
        _variables = new VariableReader(_engine, _options);
        _cells = new CellReader(_engine, _options);
    }

    /// <summary>How this client reaches the kernel: batches per system call, or plain sockets.</summary>
    public string Transport => _engine.Transport.Name;

    public SnmpStatistics Statistics => _engine.Counters.Snapshot();

    public Task<IReadOnlyList<VarBind>> GetAsync(SnmpTarget target, IReadOnlyList<Oid> oids, CancellationToken ct) =>
        _variables.GetAsync(target, oids, ct);

    public async Task<IReadOnlyList<VarBind>> SetAsync(SnmpTarget target, IReadOnlyList<VarBind> varBinds, CancellationToken ct)
    {
        var question = new SnmpPdu(PduType.Set, 0, varBinds);
        var answer = await _engine.AskAsync(target, question, target.SetRetries, ct);
        VariableReader.ThrowIfRefusedOrOther(target, question, answer.Pdu);
        return answer.Pdu.VarBinds;
    }

    /// <summary>One GETNEXT as it comes: the successor of each variable, or endOfMibView. v1 has noSuchName for that, thrown as an exception.</summary>
    public async Task<IReadOnlyList<VarBind>> GetNextAsync(SnmpTarget target, IReadOnlyList<Oid> oids, CancellationToken ct) =>
        await AskAsync(target, new SnmpPdu(PduType.GetNext, 0, [.. oids.Select(VarBind.Asking)]), ct);

    /// <summary>One GETBULK as it comes (RFC 3416 §4.2.3).</summary>
    public async Task<IReadOnlyList<VarBind>> GetBulkAsync(SnmpTarget target, IReadOnlyList<Oid> oids, int nonRepeaters, int maxRepetitions, CancellationToken ct)
    {
        var question = new SnmpPdu(PduType.GetBulk, 0, [.. oids.Select(VarBind.Asking)]) { NonRepeaters = nonRepeaters, MaxRepetitions = maxRepetitions };
        return target.Version == SnmpVersion.V1
            ? throw new ArgumentException("v1 has no GETBULK (RFC 1157).", nameof(target))
            : await AskAsync(target, question, ct);
    }

    public async Task<SnmpTable> ReadTableAsync(SnmpTarget target, IReadOnlyList<Oid> columns, SnmpReadLimits limits, CancellationToken ct)
    {
        using var successors = new SuccessorReader(_engine, _options, target, columns.Count > 0 ? columns[0] : Oid.Empty, _logger);
        return await new TableReader(successors, columns, limits).ReadAsync(_clock, ct);
    }

    /// <summary>
    /// The same into a sink, for sweeps over thousands of agents: nothing is allocated per message. Cells come as the agent gives them and meet by index. Uses one
    /// of the agent's slots from the first question to the last.
    /// </summary>
    /// <remarks>Throws when the agent never answered; says incomplete when it stopped answering on the way. Await the result once.</remarks>
    public ValueTask<SnmpCells> ReadCellsAsync(SnmpTarget target, SnmpColumns columns, ISnmpCellSink sink, SnmpReadLimits limits, CancellationToken ct) =>
        target.Version == SnmpVersion.V1
            ? GiveTableAsync(target, columns, sink, limits, ct)
            : _cells.ReadAsync(target, columns, sink, limits, ct);

    public async Task<SnmpWalk> WalkAsync(SnmpTarget target, Oid root, SnmpReadLimits limits, CancellationToken ct)
    {
        using var successors = new SuccessorReader(_engine, _options, target, root, _logger);
        return await new WalkReader(successors, root, limits).ReadAsync(_clock, ct);
    }

    /// <summary>Drops the engine id and boots pinned for an agent: it will be enrolled like a new one. For a person who knows why it changed.</summary>
    public void ForgetEngine(System.Net.IPEndPoint agent) => _engine.Agents.ForgetEngine(agent);

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _cells.Dispose();
    }

    /// <summary>v1 has no GETBULK: the table is read the convenient way.</summary>
    private async ValueTask<SnmpCells> GiveTableAsync(SnmpTarget target, SnmpColumns columns, ISnmpCellSink sink, SnmpReadLimits limits, CancellationToken ct) =>
        TableCells.Give(await ReadTableAsync(target, columns.Oids, limits, ct), sink);

    private async Task<IReadOnlyList<VarBind>> AskAsync(SnmpTarget target, SnmpPdu question, CancellationToken ct)
    {
        var answer = await _engine.AskAsync(target, question, target.Retries, ct);
        return answer.Pdu.ErrorStatus == SnmpErrorStatus.NoError
            ? answer.Pdu.VarBinds
            : throw SnmpException.Refused(target, question, answer.Pdu);
    }
}
