using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;
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
        services.AddSingleton<DryRunOrder>();
        services.AddSingleton<PlanLive>();
        if (options.RunsWorker)
        {
            services.AddHostedService<StartWaitingOrders>();
            services.AddHostedService<PlanApprovals>();
        }
    }

    public static void MapOrders(this IEndpointRouteBuilder api)
    {
        api.MapPost("/orders", PlaceAsync).WithName("placeOrder").Fails(400, 409).Takes<PlaceOrderRequest>().MayAnswerDryRun().For(Roles.Sales, Roles.Business, Roles.Engineering)
            .WithSummary("Place an order; with dryRun=true plan it and stop.");
        api.MapGet("/switches/{name}/ports/{ifName}/plan", PlanPort.HandleAsync).WithName("planPort").Fails(404, 409, 422, 502).For(Roles.Sales, Roles.Business, Roles.Engineering)
            .WithSummary("Read a port now and show what would make it what it should be, and what would take that back; nothing is written.");
        api.MapGet("/orders", ListAsync).WithName("listOrders").Fails(400, 422).ForReaders().WithSummary("Orders, newest first.");
        api.MapGet("/orders/{id:long}", ShowAsync).WithName("showOrder").Fails(404).ForReaders()
            .WithSummary("One order with its items, plans and proofs.");
        api.MapPost("/orders/{id:long}/cancel", CancelOrder.RunAsync).WithName("cancelOrder").Fails(404, 409).For(Roles.Sales, Roles.Business, Roles.Engineering)
            .WithSummary("Cancel what has not begun.");
        api.MapPost("/orders/{id:long}/release", ReleaseOrder.RunAsync).WithName("releaseOrder").Fails(404, 409).For(Roles.Business, Roles.Engineering)
            .WithSummary("Let an order go that exceeds the darkening budget; never one's own.");
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
        Body<PlaceOrderRequest> body, ClaimsPrincipal user, PlaceOrder place, DryRunOrder dry, NpgsqlDataSource dataSource, CancellationToken ct, bool dryRun = false)
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

        if (caller.Role == Roles.Sales && draft.Body.Action != "activate")
        {
            return Problems.Forbidden($"Role sales places activations; {draft.Body.Action} is for business and engineering.");
        }

        if (dryRun)
        {
            var (view, refused) = await dry.RunAsync(draft, ct);
            return view is null ? Problems.Invalid(refused) : TypedResults.Ok(view);
        }

        switch (await place.RunAsync(draft, ct))
        {
            case PlaceOutcome.Refused(var why):
                return Problems.Invalid(why);
            case PlaceOutcome.Conflict(var other):
                return Problems.Conflict("external-id-taken", $"externalId \"{draft.Body.ExternalId}\" was used with another body (order {other}); use a new one for a new order.");
            case PlaceOutcome.Accepted(var id, var created):
                await using (var db = await dataSource.OpenConnectionAsync(ct))
                {
                    var order = await OrderViews.FindAsync(db, id, null, ct) ?? throw new InvalidOperationException($"Order {id} vanished.");
                    return created ? TypedResults.Created($"/api/v1/orders/{id}", order) : TypedResults.Ok(order);
                }

            default:
                throw new InvalidOperationException("An outcome without an answer.");
        }
    }

    private static async Task<Results<Ok<OrderListView>, ProblemHttpResult>> ListAsync(
        ClaimsPrincipal user, NpgsqlDataSource dataSource, CancellationToken ct, string? service = null, string? state = null, bool waiting = false, int limit = 100)
    {
        if (state is not null && !EnumText.TryParse<OrderState>(state, out _))
        {
            return Problems.Invalid([new("unknown-state", "state", $"\"{state}\" is not an order state; known are {EnumText.Words<OrderState>()}.")]);
        }

        await using var db = await dataSource.OpenConnectionAsync(ct);
        return TypedResults.Ok(new OrderListView(
            await OrderViews.ListAsync(db, new(Service: service, State: state, Waiting: waiting, Limit: Math.Clamp(limit, 1, 1000)), Caller.Of(user).DistrictFilter, ct)));
    }

    private static async Task<Results<Ok<OrderView>, ProblemHttpResult>> ShowAsync(long id, ClaimsPrincipal user, NpgsqlDataSource dataSource, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await OrderViews.FindAsync(db, id, Caller.Of(user).DistrictFilter, ct) is { } order ? TypedResults.Ok(order) : Problems.NotFound("order", id.ToString());
    }
}
