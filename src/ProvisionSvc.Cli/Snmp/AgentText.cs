using ProvisionSvc.Cli.Api;
using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Snmp;

/// <summary>What an agent answered, for a person; an answer that is not all says so and fails the run.</summary>
internal static class AgentText
{
    public static int Show(Session session, Answer<AgentAnswerView> answer)
    {
        session.Show(answer, view => Show(session.Screen, view));
        if (answer.Value.Complete)
        {
            return ExitCode.Done;
        }

        var why = session.Say(Why(answer.Value.Incomplete));
        session.Notes.Line(
            ($"INCOMPLETE: {why}. What is missing above may well exist.", $"不完整：{why}。以上缺失的内容可能仍然存在。"), Tone.Bad);
        if (answer.Value.Cause is { } cause)
        {
            session.Notes.Line($"  {cause}", Tone.Bad);
        }

        return ExitCode.Error;
    }

    private static void Show(Screen screen, AgentAnswerView view)
    {
        var shown = view.Columns.Count > 0 ? AgentTable.Show(screen, view) : Variables(screen, view.Rows);
        if (view.Complete)
        {
            var time = $"{view.ElapsedMs / 1000.0:0.0##} s";
            screen.Line(($"complete: {shown}, {time}", $"完整：{shown}，{time}"), Tone.Faint);
        }
    }

    /// <summary>A value in one line, with what a number stands for before it.</summary>
    public static string Value(VariableView variable) => variable switch
    {
        { Label: { } label, Value: { } value } => $"{label} ({value})",
        { Value: { } value } => string.Join(' ', value.Split(LineEnds, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)),
        _ => variable.Type,
    };

    private static readonly char[] LineEnds = ['\r', '\n', '\t'];

    private static string Variables(Screen screen, IReadOnlyList<VariableView> rows)
    {
        screen.Table(
            rows,
            new(("VARIABLE", "变量"), v => v.Name ?? v.Oid) { IsKept = true, KeepsEnd = true },
            new(("TYPE", "类型"), v => v.Type) { IsKept = true },
            new(("VALUE", "值"), Value) { Tone = v => v.Value is null ? Tone.Waiting : Tone.Plain });
        return screen.Say(($"{rows.Count} variables", $"{rows.Count} 个变量"));
    }

    private static Words Why(string? reason) => reason switch
    {
        "nonIncreasing" => ("the agent goes in circles (an OID does not follow the one before)", "代理返回的OID未递增（循环）"),
        "contradictoryEnd" => ("the agent says that its view ends although it has more behind", "代理声称视图结束，但其后仍有内容"),
        "badAnswer" => ("the agent gave an answer that no reading can give", "代理返回了无效应答"),
        "rowLimit" => ("the row limit is reached (--max-rows)", "已达行数上限（--max-rows）"),
        "octetLimit" => ("the answers are larger than the service allows", "应答大小超过服务上限"),
        "timeLimit" => ("it took longer than the service allows", "读取时间超过服务上限"),
        "timeout" => ("the agent answered, then no more", "代理中途停止应答"),
        "agentError" => ("the agent refused to go on", "代理拒绝继续"),
        _ => (reason ?? "the service does not say why", reason ?? "服务未说明原因"),
    };
}
