using ProvisionSvc.Snmp;

namespace ProvisionSvc.Tests.Snmp;

/// <summary>Variables in order and an agent's way with them (RFC 3416 §4.2), cut off where an answer grows too large.</summary>
internal sealed class Mib
{
    private readonly List<VarBind> _all;
    private readonly Dictionary<Oid, int> _positions = [];

    public Mib(IEnumerable<VarBind> variables)
    {
        _all = [.. variables.GroupBy(variable => variable.Oid).Select(same => same.First()).OrderBy(variable => variable.Oid)];
        for (var i = 0; i < _all.Count; i++)
        {
            _positions.Add(_all[i].Oid, i);
        }
    }

    public IReadOnlyList<VarBind> All => _all;

    public int MaxMessage { get; init; } = 1_472;

    /// <summary>Interfaces 1 to n of a table's columns: column c of row i holds 100 c + i.</summary>
    public static Mib Table(Oid table, int rows, params uint[] columns) =>
        new(columns.SelectMany(column => Enumerable.Range(1, rows).Select(row => new VarBind(table.Append(column, (uint)row), SnmpValue.Gauge32((100 * column) + (uint)row)))));

    public SnmpMessage Answer(SnmpMessage request) => request.Pdu.Type switch
    {
        PduType.Get => request.Version == SnmpVersion.V1 ? AnswerV1(request, Find) : request.Answer([.. request.Pdu.VarBinds.Select(asked => Find(asked.Oid))]),
        PduType.GetNext => request.Version == SnmpVersion.V1 ? AnswerV1(request, Next) : request.Answer([.. request.Pdu.VarBinds.Select(asked => Next(asked.Oid))]),
        PduType.GetBulk => request.Answer(Bulk(request)),
        _ => request.Answer(request.Pdu.VarBinds),
    };

    public VarBind Find(Oid oid) => _positions.TryGetValue(oid, out var position) ? _all[position] : new VarBind(oid, SnmpValue.NoSuchInstance);

    public VarBind Next(Oid oid)
    {
        var position = _all.BinarySearch(new VarBind(oid, default), Comparer<VarBind>.Create((left, right) => left.Oid.CompareTo(right.Oid)));
        var next = position >= 0 ? position + 1 : ~position;
        return next < _all.Count ? _all[next] : new VarBind(oid, SnmpValue.EndOfMibView);
    }

    private static SnmpMessage AnswerV1(SnmpMessage request, Func<Oid, VarBind> find)
    {
        List<VarBind> found = [.. request.Pdu.VarBinds.Select(asked => find(asked.Oid))];
        var missing = found.FindIndex(varBind => varBind.Value.IsException);
        return missing < 0 ? request.Answer(found) : request.Refuse(SnmpErrorStatus.NoSuchName, missing + 1);
    }

    private List<VarBind> Bulk(SnmpMessage request)
    {
        var found = new List<VarBind>();
        Oid[] cursors = [.. request.Pdu.VarBinds.Select(asked => asked.Oid)];
        var buffer = new byte[MaxMessage];
        var size = 60;
        for (var row = 0; row < request.Pdu.MaxRepetitions; row++)
        {
            for (var i = 0; i < cursors.Length; i++)
            {
                var next = Next(cursors[i]);
                size += SnmpMessageCodec.TryEncode(request.Answer([next]), buffer, out var length) ? length - 20 : MaxMessage;
                if (found.Count > 0 && size > MaxMessage)
                {
                    return found;
                }

                found.Add(next);
                cursors[i] = next.Oid;
            }
        }

        return found;
    }
}
