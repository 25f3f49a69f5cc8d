using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Evidence;

/// <summary>
/// Evidence as a page to read, print and keep: one file without scripts and without anything from elsewhere. Every text in it may come from a hostile switch
/// or person (T17, T18).
/// </summary>
internal sealed class EvidencePage
{
    private const string Style =
        """
        body{font:14px/1.45 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;color:#1a1a1a;max-width:62rem;margin:2rem auto;padding:0 1rem}
        h1{font-size:1.4rem}h2{font-size:1.05rem;margin-top:1.8rem;border-bottom:1px solid #bbb}
        table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.2rem .6rem .2rem 0;border-bottom:1px solid #e4e4e4;overflow-wrap:anywhere}
        th{font-weight:600}pre{background:#f5f5f3;padding:.6rem;white-space:pre-wrap;overflow-wrap:anywhere;font-size:12px}
        .good{color:#176b2c}.bad{color:#a61b1b}.faint{color:#666}
        @media print{body{margin:0;max-width:none;font-size:11px}pre{font-size:9px}h2,tr{break-inside:avoid}}
        """;

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly StringBuilder _page = new();
    private readonly bool _chinese;

    private EvidencePage(bool chinese) => _chinese = chinese;

    public static string Render(EvidenceView evidence, bool chinese)
    {
        var page = new EvidencePage(chinese);
        page.Write(evidence);
        return page._page.ToString();
    }

    private void Write(EvidenceView evidence)
    {
        var order = evidence.Order;
        var title = $"{Say("Order", "订单")} {order.Id}: {order.Action} {order.Service}";
        _page.Append(CultureInfo.InvariantCulture, $"<!DOCTYPE html>\n<html lang=\"{(_chinese ? "zh" : "en")}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">")
            .Append(CultureInfo.InvariantCulture, $"<title>{Text(title)}</title><style>{Style}</style></head><body><h1>{Text(title)}</h1>\n");
        if (!evidence.Complete)
        {
            _page.Append(CultureInfo.InvariantCulture, $"<p class=\"bad\">{Text(Say("This order has not ended; this is how far it is.", "订单尚未结束，以下为当前进展。"))}</p>\n");
        }

        Summary(evidence, order);
        Table(Say("Approvals", "审批"), evidence.Approvals, [Say("When", "时间"), Say("Who", "人员"), Say("Decision", "决定"), Say("Detail", "详情")],
            a => [Time(a.At), a.By, a.Decision, a.Detail.GetRawText()]);
        foreach (var item in order.Items)
        {
            Item(item, evidence);
        }

        Table(Say("Audit log", "审计日志"), evidence.Audit, [Say("When", "时间"), Say("Who", "人员"), Say("What", "内容"), Say("Detail", "详情"), Say("Seal", "封印")],
            a => [Time(a.At), a.Who, a.Action, a.Detail.GetRawText(), $"{a.Seal}"]);
        _page.Append(CultureInfo.InvariantCulture, $"<p class=\"faint\">{Text($"{Say("Written", "生成时间")} {Time(evidence.WrittenAt)}. {Say("Times are UTC.", "时间为 UTC。")}")}</p></body></html>\n");
    }

    private void Summary(EvidenceView evidence, OrderView order)
    {
        var reason = _chinese ? order.ReasonTextZh ?? order.ReasonText : order.ReasonText;
        Fields(
            (Say("State", "状态"), $"{order.State}{(order.Reason is { } code ? $"/{code}" : "")} {reason}".Trim()),
            (Say("Customer", "客户"), evidence.Customer), (Say("Account", "账户"), evidence.Account), (Say("Building", "楼宇"), evidence.Building),
            (Say("Who", "下单人"), order.PlacedBy == order.Client ? order.PlacedBy : $"{order.PlacedBy} ({order.Client})"),
            (Say("Why", "原因"), order.Why), (Say("Hold", "停机原因"), order.Hold), (Say("External id", "外部编号"), order.ExternalId),
            (Say("Placed", "下单时间"), Time(order.CreatedAt)), (Say("Requested start", "预约时间"), Time(order.RequestedStart)), (Say("Ended", "结束时间"), Time(order.FinishedAt)));
    }

    private void Item(OrderItemView item, EvidenceView evidence)
    {
        bool Here(string name, string ifName) => (name, ifName) == (item.Switch, item.IfName);
        Heading($"{Say("Port", "端口")} {item.Switch} {item.IfName}");
        Fields(
            (Say("State", "状态"), $"{item.State}{(item.Reason is { } code ? $"/{code}" : "")}"), (Say("Detail", "详情"), item.Detail), (Say("Attempts", "尝试次数"), $"{item.Attempts}"),
            (Say("Template", "模板"), item.Plan?.Template), (Say("Plan", "计划"), item.Plan?.Hash),
            (Say("Proven", "验证时间"), Time(item.Proof?.At)), (Say("Oper status", "运行状态"), item.Proof?.OperStatus), (Say("Saved", "保存"), item.Proof?.Saved));
        Rows([.. evidence.Fields.Where(f => Here(f.Switch, f.IfName))],
            [Say("Field", "字段"), Say("Before", "变更前"), Say("After", "变更后"), Say("Shown afterwards", "变更后读取"), Say("By", "经由")],
            f => [f.Field, f.Before ?? "-", f.After ?? "-", f.Proven ?? "-", f.Channel ?? "-"]);
        Rows([.. evidence.Journal.Where(j => Here(j.Switch, j.IfName))],
            [Say("When", "时间"), Say("Line", "命令"), Say("Outcome", "结果"), Say("By", "经由"), Say("Epoch", "纪元")],
            j => [Time(j.At), j.Line, j.Outcome ?? Say("unknown", "未知"), j.Channel, $"{j.Epoch}"]);
        foreach (var talk in evidence.Conversations.Where(c => Here(c.Switch, c.IfName)))
        {
            var part = talk.Part switch
            {
                "write" => Say("Writing", "写入"), "keep" => Say("Keeping what was tried out", "保留试行变更"), "prove" => Say("Reading back", "回读"), "save" => Say("Saving", "保存"), "takeBack" => Say("Taking back", "回退"), _ => talk.Part,
            };
            _page.Append(CultureInfo.InvariantCulture, $"<p>{Text($"{part}, {Time(talk.At)}")}</p><pre>{Lines(talk.Text)}</pre>\n");
        }
    }

    private void Heading(string text) => _page.Append(CultureInfo.InvariantCulture, $"<h2>{Text(text)}</h2>\n");

    private void Fields(params IReadOnlyList<(string Name, string? Value)> fields)
    {
        _page.Append("<table>");
        foreach (var (name, value) in fields.Where(f => !string.IsNullOrEmpty(f.Value)))
        {
            _page.Append(CultureInfo.InvariantCulture, $"<tr><th>{Text(name)}</th><td>{Text(value!)}</td></tr>");
        }

        _page.Append("</table>\n");
    }

    private void Table<T>(string heading, IReadOnlyList<T> rows, string[] columns, Func<T, string[]> cells)
    {
        if (rows.Count > 0)
        {
            Heading(heading);
            Rows(rows, columns, cells);
        }
    }

    private void Rows<T>(IReadOnlyList<T> rows, string[] columns, Func<T, string[]> cells)
    {
        if (rows.Count == 0)
        {
            return;
        }

        _page.Append("<table><tr>").AppendJoin("", columns.Select(c => $"<th>{Text(c)}</th>")).Append("</tr>");
        foreach (var row in rows)
        {
            _page.Append("<tr>").AppendJoin("", cells(row).Select(c => $"<td>{Text(c)}</td>")).Append("</tr>");
        }

        _page.Append("</table>\n");
    }

    private string Say(string english, string chinese) => _chinese ? chinese : english;

    private static string Time(DateTimeOffset? at) => at?.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture) ?? "";

    private static string Lines(string text) => string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(Text));

    /// <summary>Encoded, and without what would turn the writing direction or draw something else than it says.</summary>
    private static string Text(string text) => Encoder.Encode(string.Concat(text.EnumerateRunes().Select(r => Rune.GetUnicodeCategory(r)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
            ? "�" : r.ToString())));
}
