using System.Net;
using Microsoft.Extensions.Logging;

namespace ProvisionSvc.Snmp;

/// <summary>Successors of some of the cursors, row by row: the varbind at position p follows cursor First + p mod Columns.</summary>
internal readonly record struct Successors(IReadOnlyList<VarBind> VarBinds, int First, int Columns);

/// <summary>Asks one agent for successors, by GETBULK or in v1 by GETNEXT, and finds out how many it can give at once.</summary>
internal sealed partial class SuccessorReader : IDisposable
{
    private const int GuessedCell = 24; // octets of a varbind in an interface table
    private readonly RequestEngine _engine;
    private readonly SnmpClientOptions _options;
    private readonly SnmpTarget _target;
    private readonly Oid _subject;
    private readonly ILogger _logger;
    private readonly Agent _agent;
    private int _repetitions; // of the next question; 0 before the first
    private int _mostCells;

    /// <summary>How much of <paramref name="subject"/> fits into an answer is remembered for the agent.</summary>
    public SuccessorReader(RequestEngine engine, SnmpClientOptions options, SnmpTarget target, Oid subject, ILogger logger)
    {
        (_engine, _options, _target, _subject, _logger) = (engine, options, target, subject, logger);
        _agent = engine.Agents.Enter(target.EndPoint);
        _mostCells = _agent.CellsOf(subject);
    }

    /// <summary>Octets of all answers so far.</summary>
    public long Octets { get; private set; }

    /// <summary>The agent has answered: what goes wrong from here on is an incomplete reading, not an agent out of reach.</summary>
    public bool HasHeard => Octets > 0;

    public async Task<Successors> NextAsync(IReadOnlyList<Oid> cursors, CancellationToken ct)
    {
        while (true)
        {
            var columns = Math.Min(cursors.Count, _mostCells);
            var repetitions = Repetitions(columns);
            var question = Question(cursors, columns, repetitions);
            SnmpAnswer answer;
            try
            {
                answer = await _engine.AskAsync(_target, question, _target.Retries, ct);
            }
            catch (SnmpException exception) when (exception.Fault == SnmpFault.Timeout && HasHeard && repetitions > 1)
            {
                // It spoke before: perhaps its large answers are lost on the way, as fragments often are.
                _repetitions = repetitions > 4 ? repetitions / 4 : 1;
                continue;
            }

            Octets += answer.Octets;
            switch (answer.Pdu.ErrorStatus)
            {
                case SnmpErrorStatus.NoError:
                    Adapt(answer, columns, repetitions);
                    return new Successors(answer.Pdu.VarBinds, 0, columns);

                case SnmpErrorStatus.TooBig when repetitions * columns > 1:
                    // Half the rows; from one row on, half the columns.
                    _mostCells = repetitions > 1 ? repetitions / 2 * columns : columns / 2;
                    _agent.Remember(_subject, _mostCells);
                    Log.TooBig(_logger, _target.EndPoint, _subject, _mostCells);
                    break;

                // How v1 says that a variable has no successor (RFC 1157 §4.1.3): the others are asked again without it.
                case SnmpErrorStatus.NoSuchName when _target.Version == SnmpVersion.V1 && (columns == 1 || IsOneOf(columns, answer.Pdu.ErrorIndex)):
                    var ended = columns == 1 ? 0 : answer.Pdu.ErrorIndex - 1;
                    return new Successors([new VarBind(cursors[ended], SnmpValue.EndOfMibView)], ended, 1);

                // It does not say which one: one by one from here on.
                case SnmpErrorStatus.NoSuchName when _target.Version == SnmpVersion.V1:
                    _mostCells = 1;
                    break;

                default:
                    throw SnmpException.Refused(_target, question, answer.Pdu);
            }
        }
    }

    public void Dispose() => _engine.Agents.Leave(_agent);

    private int Repetitions(int columns)
    {
        if (_target.Version == SnmpVersion.V1)
        {
            return 1;
        }

        var wanted = _repetitions > 0 ? _repetitions : _options.AnswerSize / (columns * GuessedCell);
        return Math.Clamp(wanted, 1, Math.Min(_target.MaxRepetitions, Math.Max(1, _mostCells / columns)));
    }

    private SnmpPdu Question(IReadOnlyList<Oid> cursors, int columns, int repetitions)
    {
        var asked = new VarBind[columns];
        for (var i = 0; i < columns; i++)
        {
            asked[i] = VarBind.Asking(cursors[i]);
        }

        return _target.Version == SnmpVersion.V1
            ? new SnmpPdu(PduType.GetNext, 0, asked)
            : new SnmpPdu(PduType.GetBulk, 0, asked) { MaxRepetitions = repetitions };
    }

    /// <summary>Aims the next answer at the wanted size, at most doubling.</summary>
    private void Adapt(SnmpAnswer answer, int columns, int repetitions)
    {
        var rows = Math.Max(1, answer.Pdu.VarBinds.Count / columns);
        var fitting = (long)_options.AnswerSize * rows / Math.Max(1, answer.Octets);
        _repetitions = (int)Math.Clamp(fitting, 1, repetitions * 2L);
    }

    private static bool IsOneOf(int count, int index) => index >= 1 && index <= count;

    private static partial class Log
    {
        [LoggerMessage(3020, LogLevel.Information, "{Agent} says tooBig about {Subject}: at most {Cells} variables at once from now on")]
        public static partial void TooBig(ILogger logger, IPEndPoint agent, Oid subject, int cells);
    }
}
