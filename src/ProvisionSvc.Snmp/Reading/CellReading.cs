using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace ProvisionSvc.Snmp;

/// <summary>
/// Reads columns side by side into a sink, question after question on the receiving thread. Nothing is allocated per message, and the object is used again for
/// the next table.
/// </summary>
internal sealed class CellReading(RequestEngine engine, SnmpClientOptions options, CellReader owner) : Exchange(engine), IValueTaskSource<SnmpCells>
{
    private const int GuessedCell = 27; // octets of a varbind in an interface table
    private readonly List<CellColumn> _all = [];
    private readonly List<CellColumn> _open = [];
    private ManualResetValueTaskSourceCore<SnmpCells> _source = new() { RunContinuationsAsynchronously = true };
    private SnmpColumns _columns = null!;
    private ISnmpCellSink _sink = null!;
    private SnmpReadLimits _limits = null!;
    private CancellationTokenRegistration _cancellation;
    private long _started;
    private long _octets;
    private int _cells;
    private int _repetitions; // of the next question
    private int _asked; // columns of the question under way
    private int _mostCells;
    private int _expectedRows;
    private int _fitting; // rows of all columns in one answer

    protected override PduType Type => PduType.GetBulk;

    protected override string About => $"GetBulk {_columns.Oids[0]}";

    /// <summary>Uses the slots that the caller has taken, and gives them back when the reading ends. The result is to be awaited once.</summary>
    public ValueTask<SnmpCells> ReadAsync(SnmpTarget target, Agent agent, SnmpColumns columns, ISnmpCellSink sink, SnmpReadLimits limits, CancellationToken ct)
    {
        _source.Reset();
        (_columns, _sink, _limits) = (columns, sink, limits);
        (_started, _octets, _cells) = (Engine.Clock.GetTimestamp(), 0, 0);
        _open.Clear();
        for (var i = 0; i < columns.Names.Length; i++)
        {
            if (i == _all.Count)
            {
                _all.Add(new CellColumn());
            }

            _all[i].Start(i, columns.Names[i]);
            _open.Add(_all[i]);
        }

        Use(target, agent, target.Retries);
        _mostCells = agent.CellsOf(columns.Oids[0]);
        (_expectedRows, _fitting) = agent.ShapeOf(columns.Oids[0]);
        _fitting = _fitting > 0 ? _fitting : options.AnswerSize / (columns.Names.Length * GuessedCell);
        _repetitions = _fitting;
        Plan();
        var result = new ValueTask<SnmpCells>(this, _source.Version);
        Start();
        _cancellation = ct.UnsafeRegister(static (state, token) => ((Exchange)state!).Abort(new OperationCanceledException(token)), this);
        return result;
    }

    SnmpCells IValueTaskSource<SnmpCells>.GetResult(short token)
    {
        try
        {
            return _source.GetResult(token);
        }
        finally
        {
            // Let go of what the caller owns, then be ready for the next.
            _cancellation.Dispose();
            (_columns, _sink, _cancellation) = (null!, null!, default);
            owner.Return(this);
        }
    }

    ValueTaskSourceStatus IValueTaskSource<SnmpCells>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<SnmpCells>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    protected override void WritePdu(ref BerWriter writer, int requestId)
    {
        var mark = writer.Length;
        for (var i = _asked - 1; i >= 0; i--)
        {
            _open[i].WriteAsking(ref writer);
        }

        SnmpMessageCodec.EndPdu(ref writer, PduType.GetBulk, requestId, 0, _repetitions, mark);
    }

    protected override bool TryTake(in PduFrame answer, int octets)
    {
        var status = (SnmpErrorStatus)answer.First;
        if (status == SnmpErrorStatus.TooBig && _repetitions * _asked > 1)
        {
            // Half the rows; from one row on, half the columns.
            _octets += octets;
            _mostCells = _repetitions > 1 ? _repetitions / 2 * _asked : _asked / 2;
            Agent.Remember(_columns.Oids[0], _mostCells);
            Continue();
            return true;
        }

        if (status != SnmpErrorStatus.NoError)
        {
            Settle();
            var question = new SnmpPdu(PduType.GetBulk, 0, [.. _columns.Oids.Select(VarBind.Asking)]);
            var refusal = SnmpException.Refused(Target, question, new SnmpPdu(PduType.Response, 0, []) { ErrorStatus = status, ErrorIndex = answer.Second });
            Refused(refusal, IncompleteReason.AgentError);
            return true;
        }

        return TryTakeCells(answer.VarBinds, octets);
    }

    protected override void Failed(Exception reason)
    {
        if (reason is not SnmpException exception)
        {
            EndWith(reason);
        }
        else if (exception.Fault == SnmpFault.Timeout && _octets > 0 && _repetitions > 1 && !IsTooLate)
        {
            // It spoke before: perhaps its large answers are lost on the way, as fragments often are.
            _repetitions = _repetitions > 4 ? _repetitions / 4 : 1;
            Plan();
            Ask();
        }
        else
        {
            Refused(exception, IncompleteReason.Timeout);
        }
    }

    private bool IsTooLate => Engine.Clock.GetElapsedTime(_started) >= _limits.MaxTime;

    [MethodImpl(Hot.Path)]
    private bool TryTakeCells(ReadOnlySpan<byte> varBinds, int octets)
    {
        Span<uint> arcs = stackalloc uint[Oid.MaxLength];
        var reader = new BerReader(varBinds);
        var taken = 0;
        IncompleteReason? fault = null;
        while (!reader.IsAtEnd && fault is null)
        {
            if (!PduFrame.TryReadVarBind(ref reader, out var name, out var tag, out var value) || !TryReadCell(tag, value, out var cell))
            {
                if (taken == 0)
                {
                    return false;
                }

                // What came before the damage is good; the rest is asked again.
                Engine.Counters.Dropped(DropReason.Malformed);
                break;
            }

            var column = _open[taken++ % _asked];
            if (!column.IsOpen || !column.TryMove(name, cell.Type, arcs, out var index, out fault))
            {
                continue;
            }

            if (column.Cells > _limits.MaxRows)
            {
                fault = IncompleteReason.RowLimit;
                break;
            }

            _cells++;
            try
            {
                _sink.OnCell(column.Position, index, cell);
            }
#pragma warning disable CA1031 // Not swallowed: whoever reads gets it. Thrown here it would end the receiving thread.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Settle();
                EndWith(exception);
                return true;
            }
        }

        _octets += octets;
        fault ??= taken == 0 ? IncompleteReason.BadAnswer : null;
        Adapt(octets, varBinds.Length, taken);
        _open.RemoveAll(static column => !column.IsOpen);
        if (fault is null && _open.Count > 0)
        {
            fault = _octets >= _limits.MaxOctets ? IncompleteReason.OctetLimit : IsTooLate ? IncompleteReason.TimeLimit : null;
        }

        if (fault is null && _open.Count > 0)
        {
            Continue();
            return true;
        }

        Settle();
        End(new ReadingEnd(fault ?? (IsContradictory() ? IncompleteReason.ContradictoryEnd : null)));
        return true;
    }

    private void Continue()
    {
        Plan();
        Settle();
        Ask();
    }

    /// <summary>How many columns and rows the next question asks for.</summary>
    private void Plan()
    {
        if (_mostCells < _open.Count)
        {
            // Where an answer cannot hold all columns, those furthest behind are asked for first.
            _open.Sort(static (left, right) => left.Cells != right.Cells ? left.Cells.CompareTo(right.Cells) : left.Position.CompareTo(right.Position));
        }

        _asked = Math.Min(_open.Count, Math.Max(1, _mostCells));
        var most = Math.Min(Target.MaxRepetitions, Math.Max(1, _mostCells / _asked));

        // Where the table ended last time it will end again: one row more shows that it does.
        var left = _expectedRows - _open[0].Cells + 1;
        _repetitions = Math.Clamp(_repetitions, 1, left > 0 && _expectedRows > 0 ? Math.Min(most, left) : most);
    }

    /// <summary>Aims the next answer at the wanted size, at most doubling.</summary>
    private void Adapt(int octets, int listOctets, int varBinds)
    {
        if (varBinds == 0)
        {
            return;
        }

        var room = Math.Max(0, options.AnswerSize - (octets - listOctets));
        var fitting = (long)room * varBinds / Math.Max(1, listOctets) / _asked;
        _repetitions = (int)Math.Clamp(fitting, 1, _repetitions * 2L);

        // The last rows are followed by other columns' cells, of another size: they teach nothing.
        _fitting = _asked == _columns.Names.Length && _open[0].IsOpen ? _repetitions : _fitting;
    }

    private bool IsContradictory()
    {
        for (var i = 0; i < _columns.Names.Length; i++)
        {
            for (var j = 0; _all[i].EndedTheView && j < _columns.Names.Length; j++)
            {
                if (_all[i].IsContradictedBy(_all[j]))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>A failure after the first answer is an incomplete reading; before it, an exception.</summary>
    private void Refused(SnmpException exception, IncompleteReason reason)
    {
        if (_octets > 0)
        {
            End(new ReadingEnd(reason, exception));
        }
        else
        {
            EndWith(exception);
        }
    }

    private void End(ReadingEnd end)
    {
        if (end.Complete)
        {
            Agent.RememberShape(_columns.Oids[0], _all[0].Cells, _fitting);
        }

        Leave();
        _source.SetResult(new SnmpCells(end, _cells, _octets));
    }

    private void EndWith(Exception reason)
    {
        Leave();
        _source.SetException(reason);
    }

    private void Leave()
    {
        Engine.Leave(Agent);
        Engine.Agents.Leave(Agent);
    }

    [MethodImpl(Hot.Path)]
    private static bool TryReadCell(byte tag, ReadOnlySpan<byte> content, out SnmpCell cell)
    {
        var type = (SnmpType)tag;
        long number = 0;
        var isWhole = type switch
        {
            SnmpType.Integer32 => BerReader.TryParseSigned(content, out number),
            SnmpType.Counter64 => TryParse(content, ulong.MaxValue, out number),
            SnmpType.Counter32 or SnmpType.Gauge32 or SnmpType.TimeTicks or (SnmpType)VarBindDecoder.UInteger32 => TryParse(content, uint.MaxValue, out number),
            SnmpType.OctetString or SnmpType.Opaque or SnmpType.ObjectIdentifier => true,
            SnmpType.IpAddress => content.Length == 4 && TryParse(content, uint.MaxValue, out number),
            SnmpType.Null or SnmpType.NoSuchObject or SnmpType.NoSuchInstance or SnmpType.EndOfMibView => content.IsEmpty,
            _ => false,
        };
        cell = new SnmpCell(tag == VarBindDecoder.UInteger32 ? SnmpType.Gauge32 : type, number, content);
        return isWhole;
    }

    private static bool TryParse(ReadOnlySpan<byte> content, ulong maximum, out long number)
    {
        var fits = BerReader.TryParseUnsigned(content, maximum, out var value);
        number = unchecked((long)value);
        return fits;
    }
}
