using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Templates;

/// <summary><c>template try</c>: a dry run on a live switch.</summary>
internal static class TryTemplate
{
    public static UseCase Create()
    {
        var name = Values.Name("NAME", "Name of the template; it need not be the switch's own");
        var switchName = Values.Text("--switch", "SWITCH", "The switch to log in to").Needed();
        var port = Values.Text("--port", "IFNAME", "The port to read; else the first customer port that carries something");
        var transcript = Values.Flag("--transcript", "Show the whole conversation, without secrets");
        return new UseCase(
            "try", "Log in to a live switch with a template, read one port, show what was read and what would be typed; nothing is written",
            ["template try huawei-vrp5 --switch sw-3", "template try acme-os2 --switch sw-9 --port ge-0/0/7 --transcript"], [name, switchName, port, transcript],
            async (parse, session, ct) =>
            {
                var answer = await session.Api.TryTemplateAsync(
                    parse.GetRequiredValue(name), new() { Switch = parse.GetRequiredValue(switchName)!, IfName = parse.GetValue(port) }, ct);
                session.Show(answer, view => Show(session.Screen, view, parse.GetValue(transcript)));
                return answer.Value.Stopped is null ? ExitCode.Done : ExitCode.Error;
            });
    }

    private static void Show(Screen screen, TriedTemplateView view, bool transcript)
    {
        screen.Fields(
            new(("template", "模板"), view.Template, Tone.Strong),
            new(("draft", "草稿"), view.Draft, Tone.Waiting),
            new(("switch", "交换机"), view.Switch),
            new(("says", "自述"), view.SysObjectId is null ? null : $"{view.SysObjectId} {view.SysDescr}"),
            new(("match", "匹配"), screen.Say(view.Fits ? ("fits", "符合") : ("does not fit", "不符合")), view.Fits ? Tone.Good : Tone.Waiting),
            new(("prompt's name", "提示符名称"), view.Host),
            new(("port", "端口"), view.IfName));
        foreach (var read in view.Reads)
        {
            screen.Line($"{read.Name}: {read.Command}", Tone.Strong);
            Lines(screen, read.Output);
        }

        foreach (var field in view.Reading)
        {
            screen.Line(
                field.IsRead ? $"  {field.Field} = {field.Value ?? screen.Say(("(not set)", "（未设置）"))}  ({field.Channel})"
                    : $"  {field.Field}  {screen.Say(("NOT READ", "未读到"))}  ({field.Channel})",
                field.IsRead ? Tone.Good : Tone.Bad);
        }

        foreach (var refusal in view.Refusals)
        {
            screen.Line(refusal, Tone.Waiting);
        }

        if (view.Plan is { } plan)
        {
            screen.Plan(plan);
        }

        if (transcript && view.Transcript is { } conversation)
        {
            screen.Line(("conversation:", "会话记录："), Tone.Strong);
            Lines(screen, conversation);
        }

        if (view.Stopped is { } stopped)
        {
            screen.Line(($"stopped: {stopped}", $"中止：{stopped}"), Tone.Bad);
        }

        screen.Line(("nothing was written", "未写入任何内容"), Tone.Faint);
    }

    private static void Lines(Screen screen, string text)
    {
        foreach (var line in text.TrimEnd().Split('\n'))
        {
            screen.Line($"  {line.TrimEnd('\r')}", Tone.Faint);
        }
    }
}
