using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Output;

/// <summary>An order for a person: what, who, why, how far, the plan and the proof.</summary>
internal static class OrderText
{
    public static void Order(this Screen screen, OrderView order)
    {
        screen.Fields(
            new(("order", "订单"), $"{order.Id}", Tone.Strong),
            new(("external id", "外部编号"), order.ExternalId),
            new(("what", "内容"), $"{order.Action} {SubjectOf(order)}{(order.Hold is { } hold ? $" ({hold})" : "")}"),
            new(("who", "下单人"), order.PlacedBy == order.Client ? order.PlacedBy : $"{order.PlacedBy} ({order.Client})"),
            new(("why", "原因"), order.Why),
            new(("placed", "下单时间"), screen.Time(order.CreatedAt)),
            new(("not before", "不早于"), screen.Time(order.RequestedStart)),
            new(("hold ends", "停机截止"), screen.Time(order.Until)),
            new(("part of", "所属订单"), order.Parent is { } parent ? $"{parent}" : null),
            new(("undoes", "撤销订单"), order.Undoes is { } undone ? $"{undone}" : null),
            new(("undone by", "已被撤销"), order.UndoneBy is { } by ? $"{by}" : null),
            new(("parts", "子订单"), order.Parts is { } parts ? PartsOf(parts) : null),
            new(("looked at again", "再次检查"), screen.Time(order.LookAt)),
            new(("finished", "完成时间"), screen.Time(order.FinishedAt)),
            new(("state", "状态"), StateOf(screen, order), Tones.OfOrderState(order.State)));
        if (order.Approval is { Outcome: null } approval)
        {
            screen.Line();
            screen.Approval(order, approval);
        }

        foreach (var item in order.Items)
        {
            screen.Line();
            screen.Item(item);
        }
    }

    /// <summary>An order in one line.</summary>
    public static void OrderLine(this Screen screen, OrderView order) =>
        screen.Line($"{screen.Say(("order", "订单"))} {order.Id}: {order.Action} {SubjectOf(order)}  {StateOf(screen, order)}", Tones.OfOrderState(order.State));

    /// <summary>What the order is about: its service, its group, or the port or switch that it names.</summary>
    public static string SubjectOf(OrderView order) => order.Service.Length > 0 ? order.Service : order.Group ?? order.Place ?? (order.Parts is { } parts ? $"({parts.Total})" : "");

    /// <summary>How far the parts of an order over many are.</summary>
    public static string PartsOf(OrderPartsView parts) => $"{parts.Total}: {string.Join(", ", parts.ByState.Select(s => $"{s.Value} {s.Key}"))}";

    /// <summary>The state with its reason in the reader's language; the code stays for searching.</summary>
    public static string StateOf(Screen screen, OrderView order)
    {
        var text = screen.Language == Language.Chinese ? order.ReasonTextZh ?? order.ReasonText : order.ReasonText;
        return order.Reason is { } code ? $"{order.State}/{code}  {text}".TrimEnd() : order.State;
    }

    public static void Proof(this Screen screen, OrderItemView item)
    {
        if (item.Proof is not { } proof)
        {
            return;
        }

        screen.Line(
            ($"proven on {item.Switch} {item.IfName} at {screen.Time(proof.At)}:", $"已在 {item.Switch} {item.IfName} 验证（{screen.Time(proof.At)}）："), Tone.Good);
        var width = proof.Fields.Select(f => TextWidth.Of($"{f.Field} = {f.Value ?? "-"}")).DefaultIfEmpty().Max();
        foreach (var field in proof.Fields)
        {
            screen.Line($"  {TextWidth.Pad($"{field.Field} = {field.Value ?? "-"}", width)}  {screen.Say(("by", "经"))} {field.Channel}");
        }

        screen.Line($"  {screen.Say(("oper status", "运行状态"))} {proof.OperStatus}, {screen.Say(("saved", "保存"))}: {proof.Saved}");
    }

    private static void Item(this Screen screen, OrderItemView item)
    {
        var attempts = item.Attempts > 1 ? screen.Say(($", {item.Attempts} attempts", $"，尝试 {item.Attempts} 次")) : "";
        screen.Line(
            $"{screen.Say(("item", "子项"))} {(item.Order is { } part ? $"{part} {item.Service}" : $"{item.Sequence}")}  {item.Switch} {item.IfName}  {item.State}{(item.Reason is { } r ? $"/{r}" : "")}{attempts}",
            Tones.OfOrderState(item.State));
        if (item.Detail is { } detail)
        {
            screen.Line($"  {detail}");
        }

        if (item.DependsOn is { } before && item.State == "held")
        {
            screen.Line(($"  begins when item {before} is proven", $"  待子项 {before} 验证通过后开始"));
        }

        if (item.NotBefore is { } next)
        {
            screen.Line($"  {screen.Say(("not before", "不早于"))} {screen.Time(next)}");
        }

        if (item.Plan is { } plan)
        {
            screen.Plan(plan);
        }

        screen.Proof(item);
    }
}
