using ProvisionSvc.Snmp;

namespace ProvisionSvc.DeviceLab.Agent;

/// <summary>GETBULK: as many repetitions as were asked for and as fit; a full message is cut, not refused (RFC 3416 §4.2.3).</summary>
internal static class BulkAnswer
{
    /// <param name="room">Octets for varbinds.</param>
    public static List<VarBind> Fill(SnmpPdu pdu, Func<Oid, VarBind> next, int room)
    {
        var answers = new List<VarBind>();
        var once = Math.Clamp(pdu.NonRepeaters, 0, pdu.VarBinds.Count);
        foreach (var asked in pdu.VarBinds.Take(once))
        {
            if (!Take(next(asked.Oid))) return answers;
        }

        var at = pdu.VarBinds.Skip(once).Select(v => v.Oid).ToArray();
        for (var repetition = 0; at.Length > 0 && repetition < pdu.MaxRepetitions; repetition++)
        {
            var ended = 0;
            for (var column = 0; column < at.Length; column++)
            {
                var found = next(at[column]);
                if (!Take(found)) return answers;
                at[column] = found.Oid;
                ended += found.Value.Type == SnmpType.EndOfMibView ? 1 : 0;
            }

            if (ended == at.Length) return answers;
        }

        return answers;

        bool Take(VarBind varBind)
        {
            room -= AgentResponder.SizeOf(varBind);
            if (room < 0) return false;
            answers.Add(varBind);
            return true;
        }
    }
}
