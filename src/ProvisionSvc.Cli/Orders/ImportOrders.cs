using System.Text.Json;
using ProvisionSvc.Cli.Api;
using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Orders;

/// <summary><c>order import</c>: many orders from a file under one number.</summary>
internal static class ImportOrders
{
    public static UseCase Create()
    {
        var file = Values.Name("FILE", "CSV with a header of order members (action,service,hold …), or .json: a list of orders");
        var options = new OrderOptions();
        return new UseCase(
            "import", "Place up to 10,000 orders of a file: all of them or, when anything is wrong, none; every fault is printed as file:row, column",
            ["order import march.csv --dry-run", "order import march.csv --external-id march-2030 --watch", "order import moves.json"],
            [file, options.ExternalId, options.Why, options.DryRun, options.Watch, options.Timeout],
            async (parse, session, ct) =>
            {
                var path = parse.GetRequiredValue(file);
                var request = Read(path) with { ExternalId = parse.GetValue(options.ExternalId) ?? $"cli-{session.Host.NewId():N}", Why = parse.GetValue(options.Why) };
                return await RunAsync(session, request, path, parse.GetValue(options.DryRun), options.WatchFor(parse), ct);
            });
    }

    private static async Task<int> RunAsync(Session session, BulkOrderRequest request, string path, bool dryRun, TimeSpan? watchFor, CancellationToken ct)
    {
        try
        {
            var answer = await session.Api.PlaceOrdersAsync(request, dryRun, path, ct);
            if (watchFor is { } timeout && answer.Value.Order is { } order)
            {
                Show(session.Notes, answer.Value);
                return await FollowOrder.RunAsync(session, await session.Api.ReadOrderAsync(order.Id, ct), timeout, ct);
            }

            session.Show(answer, view => Show(session.Screen, view));
            return dryRun ? ExitCode.ChangesPending : ExitCode.Done;
        }
        catch (ApiException e) when (e.Faults.Any(f => f.Field.StartsWith("row ", StringComparison.Ordinal)))
        {
            foreach (var fault in e.Faults)
            {
                session.Host.Error.WriteLine(TextWidth.Safe($"{path}:{fault.Field.Replace("row ", "", StringComparison.Ordinal)}  {fault.Message} ({fault.Code})"));
            }

            session.Host.Error.WriteLine(session.Say(($"{e.Faults.Count} faults in {path}; no order was placed", $"{path} 中有 {e.Faults.Count} 处错误；未提交任何订单")));
            return ExitCode.Error;
        }
    }

    private static BulkOrderRequest Read(string path)
    {
        var text = InputFile.ReadText(path, "orders");
        if (!path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            return new() { ExternalId = "", Csv = text };
        }

        try
        {
            return new() { ExternalId = "", Orders = JsonSerializer.Deserialize(text, ApiJson.Default.BulkRowRequestArray) };
        }
        catch (JsonException e)
        {
            throw new UsageException($"orders {path}: it is no list of orders: {e.Message}");
        }
    }

    private static void Show(Screen screen, BulkOrderView view)
    {
        screen.Table(
            view.ByAction.ToList(), new(("ACTION", "动作"), a => a.Key) { IsKept = true }, new(("ORDERS", "订单数"), a => $"{a.Value}") { IsNumber = true, IsKept = true });
        screen.Line(
            ($"{view.Rows} orders, {view.Darkening} lit ports would go dark, {view.Unchanged} change nothing", $"共 {view.Rows} 个订单，将关闭 {view.Darkening} 个已开通端口，{view.Unchanged} 个无变更"));
        screen.Line(
            view.Order is { } order
                ? ($"order {order.Id}: follow it with provision order watch {order.Id}", $"订单 {order.Id}：可用 provision order watch {order.Id} 跟踪")
                : ("dry run: no order was placed", "试运行：未提交任何订单"), view.Order is null ? Tone.Waiting : Tone.Strong);
    }
}
