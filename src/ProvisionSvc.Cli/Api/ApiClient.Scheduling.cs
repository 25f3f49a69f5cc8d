using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Api;

/// <summary>When orders may run, and for whom they wait.</summary>
internal sealed partial class ApiClient
{
    public Task<Answer<OrderView>> AnswerOrderAsync(long id, AnswerOrderRequest answer, CancellationToken ct) =>
        PostAsync($"/orders/{id}/answer", answer, Json.AnswerOrderRequest, Json.OrderView, $"order {id}", ct);

    public Task<Answer<OrderView>> ApproveOrderAsync(long id, string hash, CancellationToken ct) =>
        PostAsync($"/orders/{id}/approve", new() { Hash = hash }, Json.ApproveOrderRequest, Json.OrderView, $"order {id}", ct);

    public Task<Answer<OrderView>> RejectOrderAsync(long id, string why, CancellationToken ct) =>
        PostAsync($"/orders/{id}/reject", new() { Why = why }, Json.RejectOrderRequest, Json.OrderView, $"order {id}", ct);

    public Task<Answer<PauseView[]>> ListPausesAsync(bool all, CancellationToken ct) => GetAsync($"/pauses{All(all)}", Json.PauseViewArray, "pauses", ct);

    public Task<Answer<PauseView>> PauseAsync(PauseRequest pause, CancellationToken ct) =>
        PostAsync("/pauses", pause, Json.PauseRequest, Json.PauseView, $"pause of {pause.Name ?? pause.Scope}", ct);

    public Task<Answer<PauseView>> EndPauseAsync(long id, CancellationToken ct) => PostAsync($"/pauses/{id}/end", Json.PauseView, $"pause {id}", ct);

    public Task<Answer<WindowView[]>> ListWindowsAsync(CancellationToken ct) => GetAsync("/windows", Json.WindowViewArray, "windows", ct);

    public Task<Answer<WindowView>> AddWindowAsync(WindowRequest window, CancellationToken ct) =>
        PostAsync("/windows", window, Json.WindowRequest, Json.WindowView, $"window {window.Name}", ct);

    public Task RemoveWindowAsync(long id, CancellationToken ct) => connection.SendAsync(HttpMethod.Delete, $"/windows/{id}", $"window {id}", ct);

    public Task<Answer<FreezeView[]>> ListFreezesAsync(bool all, CancellationToken ct) => GetAsync($"/freezes{All(all)}", Json.FreezeViewArray, "freezes", ct);

    public Task<Answer<FreezeView>> AddFreezeAsync(FreezeRequest freeze, CancellationToken ct) =>
        PostAsync("/freezes", freeze, Json.FreezeRequest, Json.FreezeView, $"freeze of {freeze.Name ?? freeze.Scope}", ct);

    public Task<Answer<FreezeView>> EndFreezeAsync(long id, CancellationToken ct) => PostAsync($"/freezes/{id}/end", Json.FreezeView, $"freeze {id}", ct);

    public Task<Answer<CalendarView>> ReadCalendarAsync(int? year, CancellationToken ct) =>
        GetAsync($"/calendar{Query(("year", year?.ToString()))}", Json.CalendarView, "calendar", ct);

    public Task<Answer<CalendarView>> ImportCalendarAsync(string text, CancellationToken ct) =>
        PostAsync("/calendar/imports", new() { Text = text }, Json.ImportCalendarRequest, Json.CalendarView, "calendar", ct);

    public Task<Answer<BudgetRaiseView[]>> ListBudgetRaisesAsync(bool all, CancellationToken ct) =>
        GetAsync($"/budget/raises{All(all)}", Json.BudgetRaiseViewArray, "budget", ct);

    public Task<Answer<BudgetRaiseView>> RaiseBudgetAsync(RaiseBudgetRequest raise, CancellationToken ct) =>
        PostAsync("/budget/raises", raise, Json.RaiseBudgetRequest, Json.BudgetRaiseView, "budget", ct);

    public Task<Answer<BudgetRaiseView>> EndBudgetRaiseAsync(long id, CancellationToken ct) =>
        PostAsync($"/budget/raises/{id}/end", Json.BudgetRaiseView, $"raise {id}", ct);

    public Task<Answer<SetPaceRequest>> SetPaceAsync(string node, int? perMinute, CancellationToken ct) =>
        PutAsync($"/nodes/{Segment(node)}/pace", new(perMinute), Json.SetPaceRequest, Json.SetPaceRequest, $"node {node}", ct);

    /// <param name="places"><c>nodes</c> or <c>buildings</c>.</param>
    public Task<Answer<MaintenanceView>> SetMaintenanceAsync(string places, string name, MaintenanceRequest request, CancellationToken ct) =>
        PutAsync($"/{places}/{Segment(name)}/maintenance", request, Json.MaintenanceRequest, Json.MaintenanceView, name, ct);

    private static string All(bool all) => all ? "?all=true" : "";
}
