using ProvisionSvc.Cli.Api;
using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Scheduling;

/// <summary><c>stop</c> and <c>start</c>: the red button.</summary>
internal static class StopAndStart
{
    public static UseCase Stop()
    {
        var why = Values.Text("--why", "TEXT", "Why; shown with every order that waits").Needed();
        return new UseCase(
            "stop", "Stop everything before the next line goes out, on every worker, restorations too", ["stop --why \"smoke in the tower\""], [why],
            async (parse, session, ct) =>
            {
                session.Show(await session.Api.PauseAsync(new() { Scope = "all", Why = parse.GetValue(why)! }, ct), session.Screen.PauseLine);
                return ExitCode.Done;
            });
    }

    public static UseCase Start() => new(
        "start", "Let everything go on that was stopped; what was in flight is read back first", ["start"], [],
        async (_, session, ct) =>
        {
            if ((await session.Api.ListPausesAsync(all: false, ct)).Value.FirstOrDefault(p => p.Scope == "all") is not { } stop)
            {
                session.Notes.Line(("nothing is stopped", "没有处于停止状态"));
                return ExitCode.Done;
            }

            session.Show(await session.Api.EndPauseAsync(stop.Id, ct), session.Screen.PauseLine);
            return ExitCode.Done;
        });

    public static void PauseLine(this Screen screen, PauseView pause) => screen.Line(
        pause.EndedAt is null
            ? ($"pause {pause.Id}: {pause.Scope} {pause.Name} waits ({pause.Who}: {pause.Why})", $"暂停 {pause.Id}：{pause.Scope} {pause.Name}（{pause.Who}：{pause.Why}）")
            : ($"pause {pause.Id}: {pause.Scope} {pause.Name} goes on", $"暂停 {pause.Id}：{pause.Scope} {pause.Name} 已恢复"),
        pause.EndedAt is null ? Tone.Waiting : Tone.Good);
}

/// <summary><c>pause add</c>.</summary>
internal static class AddPause
{
    public static UseCase Create()
    {
        var scope = new ScopeOptions(oneSwitch: true);
        var why = Values.Text("--why", "TEXT", "Why; shown with every order that waits").Needed();
        return new UseCase(
            "add", "Let nothing new begin there; what has begun is finished, restorations run",
            ["pause add --switch sw-3 --why \"new cards\"", "pause add --node north-1 --why \"fibre work\""], [.. scope.Symbols, why],
            async (parse, session, ct) =>
            {
                var (kind, name) = scope.Read(parse);
                session.Show(await session.Api.PauseAsync(new() { Scope = kind, Name = name, Why = parse.GetValue(why)! }, ct), session.Screen.PauseLine);
                return ExitCode.Done;
            });
    }
}

/// <summary><c>pause list</c>.</summary>
internal static class ListPauses
{
    public static UseCase Create()
    {
        var all = Values.Flag("--all", "Those that are over too");
        return new UseCase(
            "list", "What is paused or stopped, by whom and why", ["pause list", "pause list --all"], [all],
            async (parse, session, ct) =>
            {
                session.ShowTable(
                    await session.Api.ListPausesAsync(parse.GetValue(all), ct),
                    new(("PAUSE", "暂停"), p => $"{p.Id}") { IsNumber = true, IsKept = true }, new(("SCOPE", "范围"), p => p.Scope) { IsKept = true },
                    new(("NAME", "名称"), p => p.Name) { IsKept = true }, new(("WHO", "操作人"), p => p.Who), new(("SINCE", "开始"), p => session.Screen.ShortTime(p.Since)),
                    new(("ENDED", "结束"), p => session.Screen.Time(p.EndedAt)), new(("WHY", "原因"), p => p.Why));
                return ExitCode.Done;
            });
    }
}

/// <summary><c>pause end</c>.</summary>
internal static class EndPause
{
    public static UseCase Create()
    {
        var id = Values.Number("PAUSE", "Number of the pause");
        return new UseCase(
            "end", "Let it go on", ["pause end 3"], [id],
            async (parse, session, ct) =>
            {
                session.Show(await session.Api.EndPauseAsync(parse.GetRequiredValue(id), ct), session.Screen.PauseLine);
                return ExitCode.Done;
            });
    }
}
