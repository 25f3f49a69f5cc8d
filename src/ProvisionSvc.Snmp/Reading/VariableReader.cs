namespace ProvisionSvc.Snmp;

/// <summary>GET of any number of variables: in one exchange where it can be, in parts where it must be.</summary>
internal sealed class VariableReader(RequestEngine engine, SnmpClientOptions options)
{
    private const int AroundVariables = 64; // message and PDU header
    private const int AroundVariable = 8; // SEQUENCE, Null

    public async Task<IReadOnlyList<VarBind>> GetAsync(SnmpTarget target, IReadOnlyList<Oid> oids, CancellationToken ct)
    {
        var found = new List<VarBind>(oids.Count);
        for (var next = 0; next < oids.Count;)
        {
            var part = PartFrom(oids, next);
            await GetPartAsync(target, part, found, ct);
            next += part.Count;
        }

        return found;
    }

    public static void ThrowIfRefusedOrOther(SnmpTarget target, SnmpPdu question, SnmpPdu answer)
    {
        if (answer.ErrorStatus != SnmpErrorStatus.NoError)
        {
            throw SnmpException.Refused(target, question, answer);
        }

        // RFC 3416 §4.2.1: the response names the same variables. One that names others must not pass for a verification.
        if (answer.VarBinds.Count != question.VarBinds.Count || !answer.VarBinds.Zip(question.VarBinds).All(pair => pair.First.Oid == pair.Second.Oid))
        {
            throw new SnmpException(SnmpFault.BadAnswer, target.EndPoint, $"{question.Type} on {target}: the answer is about other variables than were asked for.")
            {
                OutcomeUnknown = question.Type == PduType.Set,
            };
        }
    }

    private async Task GetPartAsync(SnmpTarget target, IReadOnlyList<Oid> oids, List<VarBind> found, CancellationToken ct)
    {
        var question = new SnmpPdu(PduType.Get, 0, [.. oids.Select(VarBind.Asking)]);
        var answer = (await engine.AskAsync(target, question, target.Retries, ct)).Pdu;
        switch (answer.ErrorStatus)
        {
            case SnmpErrorStatus.TooBig when oids.Count > 1:
                var half = oids.Count / 2;
                await GetPartAsync(target, [.. oids.Take(half)], found, ct);
                await GetPartAsync(target, [.. oids.Skip(half)], found, ct);
                break;

            // v1 refuses the whole question for one variable: note that one, ask for the others (RFC 3584 §4.1.2.2.1 in reverse).
            case SnmpErrorStatus.NoSuchName when target.Version == SnmpVersion.V1 && answer.ErrorIndex >= 1 && answer.ErrorIndex <= oids.Count:
                var missing = answer.ErrorIndex - 1;
                var at = found.Count + missing;
                if (oids.Count > 1)
                {
                    await GetPartAsync(target, [.. oids.Take(missing), .. oids.Skip(missing + 1)], found, ct);
                }

                found.Insert(at, new VarBind(oids[missing], SnmpValue.NoSuchInstance));
                break;

            default:
                ThrowIfRefusedOrOther(target, question, answer);
                found.AddRange(answer.VarBinds);
                break;
        }
    }

    private List<Oid> PartFrom(IReadOnlyList<Oid> oids, int first)
    {
        var part = new List<Oid>();
        var size = AroundVariables;
        for (var i = first; i < oids.Count; i++)
        {
            size += BerWriter.SizeOf(oids[i]) + AroundVariable;
            if (part.Count > 0 && size > options.AnswerSize)
            {
                break;
            }

            part.Add(oids[i]);
        }

        return part;
    }
}
