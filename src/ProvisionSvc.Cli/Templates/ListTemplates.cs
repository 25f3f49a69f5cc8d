using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Templates;

/// <summary><c>template list</c>.</summary>
internal static class ListTemplates
{
    public static UseCase Create() => new(
        "list", "The families of switches, and which fields each can write", ["template list"], [],
        async (_, session, ct) =>
        {
            session.ShowTable(
                await session.Api.ListTemplatesAsync(ct),
                new(("NAME", "名称"), t => t.Name) { IsKept = true },
                new(("TITLE", "系列"), t => t.Title),
                new(("WRITES", "可写字段"), t => string.Join(' ', t.Fields.Where(f => f.Write.Count > 0).Select(f => f.Field))),
                new Column<TemplateView>(("STATE", "状态"), t => session.Say(t.Draft is null ? ("trusted", "可用") : ("draft", "草稿")))
                {
                    IsKept = true, Tone = t => t.Draft is null ? Tone.Good : Tone.Waiting,
                });
            return ExitCode.Done;
        });
}
