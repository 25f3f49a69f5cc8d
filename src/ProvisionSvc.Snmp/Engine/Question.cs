namespace ProvisionSvc.Snmp;

/// <summary>An answer and the size of the datagram it came in.</summary>
internal sealed record SnmpAnswer(SnmpPdu Pdu, int Octets);

/// <summary>One question with one answer, as a task.</summary>
internal sealed class Question : Exchange
{
    private readonly TaskCompletionSource<SnmpAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SnmpPdu _question;

    public Question(RequestEngine engine, Agent agent, SnmpTarget target, SnmpPdu question, int retries)
        : base(engine)
    {
        _question = question;
        Use(target, agent, retries);
    }

    public Task<SnmpAnswer> Answer => _answer.Task;

    protected override PduType Type => _question.Type;

    protected override string About => $"{_question.Type} {(_question.VarBinds.Count > 0 ? _question.VarBinds[0].Oid.ToString() : "nothing")}";

    protected override void WritePdu(ref BerWriter writer, int requestId) => SnmpMessageCodec.WritePdu(ref writer, _question, requestId);

    protected override bool TryTake(in PduFrame answer, int octets)
    {
        if (!answer.TryDecode(out var pdu, out _))
        {
            return false;
        }

        Settle();
        return _answer.TrySetResult(new SnmpAnswer(pdu, octets));
    }

    protected override void Failed(Exception reason) => _answer.TrySetException(reason);
}
