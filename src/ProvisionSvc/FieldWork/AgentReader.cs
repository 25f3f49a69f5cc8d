using ProvisionSvc.Contracts;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.FieldWork;

/// <summary>What an agent gave: for a table the columns beside the variables.</summary>
internal sealed record AgentAnswer(IReadOnlyList<Oid> Columns, IReadOnlyList<VarBind> Variables, ReadingEnd End);

/// <summary>Puts a question to an agent within the limits. Only ever reads.</summary>
internal static class AgentReader
{
    /// <exception cref="SnmpException">The agent does not answer, or refuses.</exception>
    public static async Task<AgentAnswer> ReadAsync(ISnmpClient client, SnmpTarget target, AgentQuestion question, SnmpReadLimits limits, CancellationToken ct)
    {
        switch (question.Operation)
        {
            case AgentOperation.Walk:
                var walk = await client.WalkAsync(target, question.Oids[0], limits, ct);
                return new([], walk.VarBinds, walk.End);

            case AgentOperation.Table:
                var table = await client.ReadTableAsync(target, question.Oids, limits, ct);
                return new(table.Columns, [.. table.Rows.SelectMany(row => Cells(table.Columns, row))], table.End);

            default:
                return new([], await client.GetAsync(target, question.Oids, ct), new(null));
        }
    }

    private static IEnumerable<VarBind> Cells(IReadOnlyList<Oid> columns, SnmpRow row)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            if (row[i].Type != SnmpType.None)
            {
                yield return new(columns[i].Append(row.Index), row[i]);
            }
        }
    }

    public static AgentAnswerView View(string switchName, AgentQuestion question, AgentAnswer answer, DateTimeOffset readAt, TimeSpan elapsed) => new()
    {
        Switch = switchName,
        Operation = Database.EnumText.Of(question.Operation),
        Columns = [.. answer.Columns.Select(c => new AgentColumnView(c.ToString(), MibNames.VariableOf(c)?.Name))],
        Rows = [.. answer.Variables.Select(AgentValue.View)],
        Complete = answer.End.Complete,
        Incomplete = answer.End.Incomplete is { } reason ? Database.EnumText.Of(reason) : null,
        Cause = answer.End.Cause?.Message,
        ReadAt = readAt,
        ElapsedMs = (long)elapsed.TotalMilliseconds,
    };
}
