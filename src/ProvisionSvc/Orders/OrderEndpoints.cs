using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Orders;

internal static class OrderEndpoints
{
    public static void AddOrders(this IServiceCollection services, ProvisionOptions options)
    {
        services.AddOptions<OrderOptions>().BindConfiguration("Orders").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ApprovalOptions>().BindConfiguration("Approvals").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<PrepareOrder>();
        services.AddSingleton<AdmitOrder>();
        services.AddSingleton<PlaceOrder>();
        services.AddSingleton<PlaceMany>();
        services.AddSingleton<DryRunOrder>();
        services.AddSingleton<PlanLive>();
        services.AddSingleton<ReadPort>();
        services.AddSingleton<ReadForAdoption>();
        services.AddSingleton<UndoOrder>();
        services.AddSingleton<TakeBackOrder>();
        if (options.RunsWorker)
        {
            services.AddHostedService<StartWaitingOrders>();
            services.AddSingleton<AdvanceItems>();
            services.AddSingleton<ExpireHolds>();
            services.AddHostedService<OrderSweep>();
            services.AddHostedService<PlanApprovals>();
        }
    }

    public static void MapOrders(this IEndpointRouteBuilder api)
    {
        api.MapPost("/orders", PlaceAsync).WithName("placeOrder").Fails(400, 409).Takes<PlaceOrderRequest>().MayAnswerDryRun().For(Roles.Sales, Roles.Business, Roles.Engineering)
            .WithSummary("Place an order; with dryRun=true plan it and stop.");
        api.MapGet("/switches/{name}/ports/{ifName}/plan", PlanPort.HandleAsync).WithName("planPort").Fails(404, 409, 422, 502).For(Roles.Sales, Roles.Business, Roles.Engineering)
            .WithSummary("Read a port now and show what would make it what it should be, and what would take that back; nothing is written.");
        api.MapPost("/orders/bulk", BulkOrders.PlaceAsync).WithName("placeOrders").Fails(400, 409).Takes<BulkOrderRequest>().For(Roles.Business, Roles.Engineering)
            .WithSummary("Place up to 10,000 orders under one number, from JSON or CSV; all of them or none.");
        api.MapGet("/orders", ListOrders.RunAsync).WithName("listOrders").Fails(400, 422).ForReaders().WithSummary("Orders, newest first, a page at a time.");
        api.MapGet("/orders/{id:long}", ShowAsync).WithName("showOrder").HasETag<OrderView>().Fails(404).ForReaders()
            .WithSummary("One order with its items, plans and proofs.");
        api.MapPost("/orders/{id:long}/cancel", CancelOrder.RunAsync).WithName("cancelOrder").HasETag<OrderView>().Fails(404, 409, 412).For(Roles.Sales, Roles.Business, Roles.Engineering)
            .WithSummary("Cancel an order of which no switch has heard; one that has begun goes on and says so.");
        api.MapPost("/orders/{id:long}/release", ReleaseOrder.RunAsync).WithName("releaseOrder").HasETag<OrderView>().Fails(404, 409, 412).For(Roles.Business, Roles.Engineering)
            .WithSummary("Let an order go that exceeds the darkening budget; never one's own.");
        api.MapPost("/orders/{id:long}/undo", UndoOrder.HandleAsync).WithName("undoOrder").Fails(400, 404, 409, 412).Takes<UndoOrderRequest>().MayAnswerDryRun()
            .For(Roles.Business, Roles.Engineering).WithSummary("Take a completed order back by its inverse; with dryRun=true plan it and stop.");
    }

    public static void MapWaitingForPeople(this IEndpointRouteBuilder api)
    {
        api.MapPost("/orders/{id:long}/answer", AnswerOrder.RunAsync).WithName("answerOrder").Fails(404, 409).Takes<AnswerOrderRequest>().For(Roles.Engineering)
            .WithSummary("Say on which switch and port the fibre landed.");
        api.MapPost("/orders/{id:long}/approve", DecideApproval.ApproveAsync).WithName("approveOrder").Fails(404, 409).Takes<ApproveOrderRequest>()
            .For(Roles.Business, Roles.Engineering).WithSummary("Approve the plan that was shown; never of one's own order.");
        api.MapPost("/orders/{id:long}/reject", DecideApproval.RejectAsync).WithName("rejectOrder").Fails(404, 409).Takes<RejectOrderRequest>()
            .For(Roles.Business, Roles.Engineering).WithSummary("Refuse an order that waits for approval.");
        api.MapGet("/budget/raises", RaiseBudget.ListAsync).WithName("listBudgetRaises").Fails(400).ForReaders()
            .WithSummary("Raises of the darkening budget that stand; all=true with those that are over.");
        api.MapPost("/budget/raises", RaiseBudget.AddAsync).WithName("raiseBudget").Takes<RaiseBudgetRequest>().For(Roles.Business, Roles.Engineering)
            .WithSummary("Let more lit ports go dark for a while, by the orders of others.");
        api.MapPost("/budget/raises/{id:long}/end", RaiseBudget.EndAsync).WithName("endBudgetRaise").Fails(404).For(Roles.Business, Roles.Engineering)
            .WithSummary("End a raise now.");
    }

    private static async Task<Results<Created<OrderView>, Ok<OrderView>, Ok<DryRunView>, ProblemHttpResult>> PlaceAsync(
        Body<PlaceOrderRequest> body, ClaimsPrincipal user, PlaceOrder place, PlaceMany many, DryRunOrder dry, ReadForAdoption adoption, NpgsqlDataSource dataSource,
        CancellationToken ct, bool dryRun = false)
    {
        if (body.Faults.Count > 0)
        {
            return Problems.Invalid(body.Faults);
        }

        var caller = Caller.Of(user);
        var (draft, faults) = ParseOrder.Parse(body.Value, caller.Name, caller.Name, caller.DistrictFilter);
        if (draft is null)
        {
            return Problems.Invalid(faults);
        }

        if (MayNot(draft.Body.Action, caller.Role) is { } why)
        {
            return Problems.Forbidden(why);
        }

        if (draft.Body.Action == "adopt")
        {
            (draft, faults) = await adoption.RunAsync(draft, ct);
            if (faults.Count > 0)
            {
                return Problems.Invalid(faults);
            }
        }

        return dryRun ? await dry.AnswerAsync(draft, ct)
            : await OrderAnswers.OfAsync(draft.IsOverMany ? await many.RunAsync(draft, ct) : await place.RunAsync(draft, ct), draft, dataSource, ct);
    }

    private static string? MayNot(string action, string role) => action switch
    {
        "undo" => "An order is taken back by POST /orders/{id}/undo, which looks first whether its ports have changed since.",
        "adopt" or "replaceSwitch" when role is not (Roles.Engineering or Roles.Administrator) => $"{action} is for engineering.",
        _ when role == Roles.Sales && action != "activate" => $"Role sales places activations; {action} is for business and engineering.",
        _ => null,
    };

    private static async Task<Results<Ok<OrderView>, ProblemHttpResult>> ShowAsync(long id, ClaimsPrincipal user, NpgsqlDataSource dataSource, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await OrderViews.FindAsync(db, id, Caller.Of(user).DistrictFilter, ct) is { } order ? TypedResults.Ok(order) : Problems.NotFound("order", id.ToString());
    }
}
