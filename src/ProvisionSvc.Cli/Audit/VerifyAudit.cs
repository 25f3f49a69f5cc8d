using System.CommandLine;
using System.Text.Json;
using ProvisionSvc.Cli.Api;
using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Audit;

/// <summary><c>audit verify</c>: 0 intact, 1 somebody changed it.</summary>
internal static class VerifyAudit
{
    public static UseCase Create()
    {
        var from = Values.Moment("--from", "Sealed not before this time. Default: from the beginning");
        var to = Values.Moment("--to", "Sealed before this time. Default: to the end");
        var anchors = Values.Text("--anchors", "FILE", "Copy of audit-anchors.jsonl that was kept elsewhere; its last line has to be part of the chain");
        return new UseCase(
            "verify", "Say that the audit log is as it was sealed (exit code 0), or name the first line that is not (exit code 1)",
            ["audit verify", "audit verify --anchors /mnt/worm/audit-anchors.jsonl", "--lang zh audit verify --from 2030-01-01T00:00Z --to 2030-02-01T00:00Z"], [from, to, anchors],
            async (parse, session, ct) =>
            {
                var found = await session.Api.VerifyAuditAsync(parse.GetValue(from), parse.GetValue(to), LastOf(parse.GetValue(anchors)), ct);
                session.Show(found, view => Show(session, view));
                return found.Value.Intact ? ExitCode.Done : ExitCode.Error;
            });
    }

    private static string? LastOf(string? file)
    {
        if (file is null)
        {
            return null;
        }

        try
        {
            var last = InputFile.ReadText(file, "anchors file").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault();
            var anchor = last is null ? null : JsonSerializer.Deserialize(last, ApiJson.Default.AuditAnchorView);
            return anchor is null ? throw new UsageException($"anchors file {file}: there is no anchor in it.") : $"{anchor.Sequence}:{anchor.Hash}";
        }
        catch (JsonException e)
        {
            throw new UsageException($"anchors file {file}: its last line is not an anchor: {e.Message}");
        }
    }

    private static void Show(Session session, AuditVerificationView view)
    {
        if (view.Broken is { } broken)
        {
            session.Screen.Line(($"the audit log is NOT intact: {broken.What}. {broken.Message}", $"审计日志已被篡改：{broken.What}。{broken.Message}"), Tone.Bad);
            session.Screen.Line(($"good up to seal {view.Last}", $"封印 {view.Last} 之前完好"));
            return;
        }

        session.Screen.Line(
            ($"the audit log is intact: {view.Lines} lines, up to seal {view.Last}; {view.NotSealed} not sealed yet",
             $"审计日志完好：{view.Lines} 行，至封印 {view.Last}；{view.NotSealed} 行尚未封印"), Tone.Good);
        session.Screen.Line($"{view.Last}:{view.Hash}", Tone.Faint);
    }
}
