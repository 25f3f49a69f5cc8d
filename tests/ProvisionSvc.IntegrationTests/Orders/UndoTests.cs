using System.Net;
using System.Net.Http.Json;
using ProvisionSvc.Contracts;
using ProvisionSvc.IntegrationTests.Infrastructure;
using ProvisionSvc.IntegrationTests.Lanes;

namespace ProvisionSvc.IntegrationTests.Orders;

/// <summary>Taking orders back: by their inverse, and only where what they left still stands.</summary>
public sealed class UndoTests(EngineLab lab) : IClassFixture<EngineLab>
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_of_speed_is_taken_back_and_both_orders_name_each_other()
    {
        var (name, circuit, port) = await lab.LitAsync(_ct);
        var order = await lab.DoAsync(Place.Of("changeSpeed", circuit) with { RateDownMbps = 300 }, _ct);

        var undo = await UndoneAsync(order.Id);

        Assert.Equal(100_000, lab.Lab.Control.State(name, port).OutboundKbps);
        Assert.Equal((order.Id, "undo"), (undo.Undoes!.Value, undo.Action));
        Assert.Equal(undo.Id, (await lab.OrderAsync(order.Id, _ct)).UndoneBy);
        Assert.Equal("already-undone", (await RefusedAsync(HttpStatusCode.Conflict, order.Id, Place.Key())).Code);

        // An undo is an order: it can be taken back too.
        await UndoneAsync(undo.Id);
        Assert.Equal(300_000, lab.Lab.Control.State(name, port).OutboundKbps);
    }

    [Fact]
    public async Task A_disconnection_is_taken_back_with_the_holds_that_stood_and_not_where_the_port_was_given_away()
    {
        var (name, circuit, port) = await lab.LitAsync(_ct);
        await lab.DoAsync(Place.Suspend(circuit, "regulator"), _ct);
        var gone = await lab.DoAsync(Place.Disconnect(circuit), _ct);

        await UndoneAsync(gone.Id, "dark-by-hold", "proven");
        Assert.Equal((false, circuit), (lab.Lab.Control.State(name, port).AdminUp, lab.Lab.Control.State(name, port).Description));
        Assert.Equal("inactive", (await lab.Client.GetAsync<ServiceView>($"/api/v1/services/{circuit}", _ct)).State);
        await lab.DoAsync(Place.Resume(circuit, "regulator"), _ct);
        Assert.True(lab.Lab.Control.State(name, port).AdminUp);

        var again = await lab.DoAsync(Place.Disconnect(circuit), _ct);
        await lab.DoAsync(Place.Activate(Place.Key(), lab.Account, name, port), _ct);
        Assert.Equal("port-occupied", Assert.Single((await RefusedAsync(HttpStatusCode.UnprocessableEntity, again.Id)).Faults).Code);
    }

    [Fact]
    public async Task An_undo_is_refused_with_the_difference_when_books_or_port_have_changed_since()
    {
        var (name, circuit, port) = await lab.LitAsync(_ct);
        var first = await lab.DoAsync(Place.Of("changeSpeed", circuit) with { RateDownMbps = 300 }, _ct);
        var second = await lab.DoAsync(Place.Of("changeSpeed", circuit) with { RateDownMbps = 400 }, _ct);
        var books = Assert.Single((await RefusedAsync(HttpStatusCode.UnprocessableEntity, first.Id)).Faults);
        Assert.Equal("changed-since", books.Code);
        Assert.Contains("400 Mbit/s down", books.Message, StringComparison.Ordinal);

        lab.Lab.Control.EditPort(name, port, p => p with { Description = "by-hand" });
        var byHand = Assert.Single((await RefusedAsync(HttpStatusCode.UnprocessableEntity, second.Id)).Faults);
        Assert.Equal("port-changed", byHand.Code);
        Assert.Contains("alias: should be " + circuit + ", is by-hand", byHand.Message, StringComparison.Ordinal);

        await lab.DoAsync(Place.Of("repair", circuit), _ct);
        await UndoneAsync(second.Id);
        Assert.Equal(300_000, lab.Lab.Control.State(name, port).OutboundKbps);
    }

    [Fact]
    public async Task A_suspension_is_taken_back_without_lifting_another_hold()
    {
        var (name, circuit, port) = await lab.LitAsync(_ct);
        var unpaid = await lab.DoAsync(Place.Suspend(circuit), _ct);
        await lab.DoAsync(Place.Suspend(circuit, "abuse"), _ct);

        await UndoneAsync(unpaid.Id, "proven", "dark-by-hold");

        Assert.False(lab.Lab.Control.State(name, port).AdminUp);
        var holds = (await lab.Client.GetAsync<ServiceView>($"/api/v1/services/{circuit}", _ct)).Holds;
        Assert.Equal(["abuse"], holds.Where(h => h.ReleasedAt is null).Select(h => h.Kind));
        Assert.Equal("administrator", holds.Single(h => h.Kind == "unpaid").ReleasedBy);
    }

    [Fact]
    public async Task A_move_a_rename_and_an_activation_are_taken_back()
    {
        var (name, circuit, port) = await lab.LitAsync(_ct);
        var target = lab.FreePort(name, 1);
        var move = await lab.DoAsync(Place.Of("move", circuit) with { ToSwitch = name, ToIfName = target }, _ct);
        await UndoneAsync(move.Id);
        Assert.Equal((true, false), (lab.Lab.Control.State(name, port).AdminUp, lab.Lab.Control.State(name, target).AdminUp));

        var rename = await lab.DoAsync(Place.Of("rename", circuit) with { NewService = Place.Key() }, _ct);
        await UndoneAsync(rename.Id);
        Assert.Equal(circuit, lab.Lab.Control.State(name, port).Description);

        var activation = (await lab.Client.GetAsync<OrderListView>($"/api/v1/orders?service={circuit}&action=activate", _ct)).Orders.Single();
        await UndoneAsync(activation.Id);
        Assert.Equal((false, ""), (lab.Lab.Control.State(name, port).AdminUp, lab.Lab.Control.State(name, port).Description));
        Assert.Equal("terminated", (await lab.Client.GetAsync<ServiceView>($"/api/v1/services/{circuit}", _ct)).State);
    }

    [Fact]
    public async Task What_changed_nothing_has_not_completed_or_is_too_old_is_not_taken_back()
    {
        var (_, circuit, _) = await lab.LitAsync(_ct);
        var repair = await lab.DoAsync(Place.Of("repair", circuit), _ct);
        Assert.Equal("nothing-to-undo", Assert.Single((await RefusedAsync(HttpStatusCode.UnprocessableEntity, repair.Id)).Faults).Code);

        var later = await lab.PlaceAsync(Place.Suspend(circuit) with { RequestedStart = TimeProvider.System.GetUtcNow().AddHours(1) }, _ct);
        Assert.Equal("not-completed", (await RefusedAsync(HttpStatusCode.Conflict, later.Id)).Code);

        var old = await lab.DoAsync(Place.Suspend(circuit, "abuse"), _ct);
        await lab.SqlAsync($"update service_order set finished_at = finished_at - interval '91 days' where id = {old.Id}", _ct);
        Assert.Equal("too-old", (await RefusedAsync(HttpStatusCode.Conflict, old.Id)).Code);
    }

    private async Task<OrderView> UndoneAsync(long id, params IReadOnlyList<string> reasons)
    {
        using var answer = await lab.Client.PostAsJsonAsync($"/api/v1/orders/{id}/undo", new { }, _ct);
        var undo = await lab.UntilAsync((await answer.Created<OrderView>(_ct)).Id, o => o.FinishedAt is not null, _ct);
        Assert.True(undo.State == "completed" && (reasons.Count == 0 ? undo.Reason == "proven" : reasons.Contains(undo.Reason)), $"{undo.State}/{undo.Reason} {undo.ReasonText}");
        return undo;
    }

    private Task<ProblemView> RefusedAsync(HttpStatusCode status, long id, string? key = null) =>
        lab.Client.RefusedAsync(status, $"/api/v1/orders/{id}/undo", new UndoOrderRequest(key), _ct);
}
