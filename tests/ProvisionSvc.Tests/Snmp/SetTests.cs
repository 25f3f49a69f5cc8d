using ProvisionSvc.Snmp;

namespace ProvisionSvc.Tests.Snmp;

public sealed class SetTests : IAsyncLifetime
{
    private static readonly VarBind Down = new(IfMib.IfAdminStatus.Append(7), SnmpValue.Integer32(2));
    private readonly SnmpClient _client = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    [Fact]
    public async Task A_set_without_an_answer_is_not_sent_again_and_its_outcome_is_unknown()
    {
        await using var agent = new ScriptedAgent(_ => Task.CompletedTask);

        var exception = await Assert.ThrowsAsync<SnmpException>(() => _client.SetAsync(Quick(agent) with { Retries = 5 }, [Down], Ct));
        Assert.True(exception is { Fault: SnmpFault.Timeout, OutcomeUnknown: true });
        await Eventually.IsAsync(() => agent.Requests.Count == 1);
    }

    [Fact]
    public async Task A_set_is_sent_again_when_the_caller_asks_for_it()
    {
        await using var agent = new ScriptedAgent(call => call.Number == 1 ? Task.CompletedTask : call.SendAsync(call.Request.Answer(call.Request.Pdu.VarBinds)));

        Assert.Equal([Down], await _client.SetAsync(Quick(agent) with { SetRetries = 10 }, [Down], Ct));
        Assert.All(agent.Requests, request => Assert.Equal(PduType.Set, request.Pdu.Type));
    }

    [Theory]
    [InlineData(SnmpErrorStatus.TooBig, SnmpFault.TooBig, false)]
    [InlineData(SnmpErrorStatus.NoSuchName, SnmpFault.NoSuchName, false)]
    [InlineData(SnmpErrorStatus.BadValue, SnmpFault.InvalidValue, false)]
    [InlineData(SnmpErrorStatus.ReadOnly, SnmpFault.NotWritable, false)]
    [InlineData(SnmpErrorStatus.GenErr, SnmpFault.AgentError, false)]
    [InlineData(SnmpErrorStatus.NoAccess, SnmpFault.NotPermitted, false)]
    [InlineData(SnmpErrorStatus.WrongType, SnmpFault.InvalidValue, false)]
    [InlineData(SnmpErrorStatus.WrongLength, SnmpFault.InvalidValue, false)]
    [InlineData(SnmpErrorStatus.WrongEncoding, SnmpFault.InvalidValue, false)]
    [InlineData(SnmpErrorStatus.WrongValue, SnmpFault.InvalidValue, false)]
    [InlineData(SnmpErrorStatus.NoCreation, SnmpFault.NoCreation, false)]
    [InlineData(SnmpErrorStatus.InconsistentValue, SnmpFault.Inconsistent, false)]
    [InlineData(SnmpErrorStatus.ResourceUnavailable, SnmpFault.ResourceUnavailable, true)]
    [InlineData(SnmpErrorStatus.CommitFailed, SnmpFault.CommitFailed, true)]
    [InlineData(SnmpErrorStatus.UndoFailed, SnmpFault.UndoFailed, false)]
    [InlineData(SnmpErrorStatus.AuthorizationError, SnmpFault.NotPermitted, false)]
    [InlineData(SnmpErrorStatus.NotWritable, SnmpFault.NotWritable, false)]
    [InlineData(SnmpErrorStatus.InconsistentName, SnmpFault.Inconsistent, false)]
    [InlineData((SnmpErrorStatus)99, SnmpFault.AgentError, false)]
    public async Task Every_refusal_says_what_it_means_and_whether_trying_again_can_help(SnmpErrorStatus status, SnmpFault fault, bool isTransient)
    {
        await using var agent = new ScriptedAgent(call => call.SendAsync(call.Request.Refuse(status, 1)));

        var exception = await Assert.ThrowsAsync<SnmpException>(() => _client.SetAsync(agent.Target, [Down], Ct));
        Assert.Equal((fault, isTransient, status), (exception.Fault, exception.IsTransient, exception.ErrorStatus));
        Assert.Equal(Down.Oid, exception.Oid);
        Assert.Equal(fault == SnmpFault.UndoFailed, exception.OutcomeUnknown);
        Assert.Contains("1.3.6.1.2.1.2.2.1.7.7 = Integer32 2", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_index_beyond_the_question_is_survived()
    {
        await using var agent = new ScriptedAgent(call => call.SendAsync(call.Request.Refuse(SnmpErrorStatus.WrongValue, int.MaxValue)));

        var exception = await Assert.ThrowsAsync<SnmpException>(() => _client.SetAsync(agent.Target, [Down], Ct));
        Assert.Equal(Oid.Empty, exception.Oid);
    }

    private static SnmpTarget Quick(ScriptedAgent agent) => agent.Target with { Timeout = TimeSpan.FromMilliseconds(100) };
}
