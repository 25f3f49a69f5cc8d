using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Api;

/// <summary>The service's API, one method per endpoint.</summary>
internal sealed partial class ApiClient(ApiConnection connection)
{
    private static ApiJson Json => ApiJson.Default;

    public Task<Answer<OrderView>> PlaceOrderAsync(PlaceOrderRequest order, CancellationToken ct) =>
        PostAsync("/orders", order, Json.PlaceOrderRequest, Json.OrderView, What(order), ct);

    public Task<Answer<DryRunView>> DryRunOrderAsync(PlaceOrderRequest order, CancellationToken ct) =>
        PostAsync("/orders?dryRun=true", order, Json.PlaceOrderRequest, Json.DryRunView, What(order), ct, order.Service is null ? ApiConnection.LongPatience : null);

    public Task<Answer<BulkOrderView>> PlaceOrdersAsync(BulkOrderRequest orders, bool dryRun, string what, CancellationToken ct) =>
        PostAsync($"/orders/bulk{Query(("dryRun", dryRun ? "true" : null))}", orders, Json.BulkOrderRequest, Json.BulkOrderView, what, ct, ApiConnection.LongPatience);

    public Task<Answer<OrderView>> UndoOrderAsync(long id, UndoOrderRequest request, CancellationToken ct) =>
        PostAsync($"/orders/{id}/undo", request, Json.UndoOrderRequest, Json.OrderView, $"order {id}", ct, ApiConnection.LongPatience);

    public Task<Answer<DryRunView>> DryRunUndoAsync(long id, UndoOrderRequest request, CancellationToken ct) =>
        PostAsync($"/orders/{id}/undo?dryRun=true", request, Json.UndoOrderRequest, Json.DryRunView, $"order {id}", ct, ApiConnection.LongPatience);

    public Task<Answer<OrderListView>> ListOrdersAsync(CancellationToken ct, params ReadOnlySpan<(string Name, string? Value)> filters) =>
        GetAsync($"/orders{Query(filters)}", Json.OrderListView, "orders", ct);

    public Task<Answer<OrderView>> ReadOrderAsync(long id, CancellationToken ct) => GetAsync($"/orders/{id}", Json.OrderView, $"order {id}", ct);

    public Task<Answer<OrderView>> CancelOrderAsync(long id, CancellationToken ct) => PostAsync($"/orders/{id}/cancel", Json.OrderView, $"order {id}", ct);

    public Task<Answer<OrderView>> ReleaseOrderAsync(long id, CancellationToken ct) => PostAsync($"/orders/{id}/release", Json.OrderView, $"order {id}", ct);

    public Task<Answer<EvidenceView>> ReadEvidenceAsync(long id, CancellationToken ct) => GetAsync($"/orders/{id}/evidence", Json.EvidenceView, $"order {id}", ct);

    public Task<byte[]> ReadEvidencePageAsync(long id, string language, CancellationToken ct) =>
        connection.ReadPageAsync($"/orders/{id}/evidence?format=html&lang={language}", "text/html", $"order {id}", ct);

    public Task<Answer<ServiceView>> ReadServiceAsync(string circuit, CancellationToken ct) =>
        GetAsync($"/services/{Segment(circuit)}", Json.ServiceView, $"service {circuit}", ct);

    public Task<Answer<AdoptServicesView>> AdoptServicesAsync(AdoptServicesRequest request, CancellationToken ct) =>
        PostAsync("/services/adopt", request, Json.AdoptServicesRequest, Json.AdoptServicesView, "adopt", ct, ApiConnection.LongPatience);

    public Task<Answer<SwitchView[]>> ListSwitchesAsync(string? building, CancellationToken ct) =>
        GetAsync($"/switches{Query(("building", building))}", Json.SwitchViewArray, "switches", ct);

    public Task<Answer<SwitchView>> ReadSwitchAsync(string name, CancellationToken ct) =>
        GetAsync($"/switches/{Segment(name)}", Json.SwitchView, $"switch {name}", ct);

    public Task<Answer<HostKeyView>> TrustSwitchAsync(string name, string? fingerprint, CancellationToken ct) =>
        PostAsync($"/switches/{Segment(name)}/trust", new(fingerprint), Json.TrustSwitchRequest, Json.HostKeyView, $"switch {name}", ct);

    public Task<Answer<EngineView>> TrustEngineAsync(string name, string? engineId, CancellationToken ct) =>
        PostAsync($"/switches/{Segment(name)}/trust-engine", new(engineId), Json.TrustEngineRequest, Json.EngineView, $"switch {name}", ct);

    public Task<Answer<SwitchView>> SetSwitchModeAsync(string name, SetSwitchModeRequest request, CancellationToken ct) =>
        PutAsync($"/switches/{Segment(name)}/mode", request, Json.SetSwitchModeRequest, Json.SwitchView, $"switch {name}", ct);

    public Task<Answer<SwitchView>> UnlockSwitchAsync(string name, string why, CancellationToken ct) =>
        PostAsync($"/switches/{Segment(name)}/unlock", new(why), Json.UnlockSwitchBody, Json.SwitchView, $"switch {name}", ct);

    public Task<Answer<ConfigurationListView>> ListConfigurationsAsync(string name, CancellationToken ct) =>
        GetAsync($"/switches/{Segment(name)}/configurations", Json.ConfigurationListView, $"switch {name}", ct);

    public Task<Answer<ConfigurationView>> ReadConfigurationAsync(string name, DateTimeOffset? at, CancellationToken ct) =>
        GetAsync($"/switches/{Segment(name)}/configuration{Query(("at", Moment(at)))}", Json.ConfigurationView, $"switch {name}", ct);

    public Task<Answer<ConfigurationDiffView>> DiffConfigurationAsync(string name, DateTimeOffset since, DateTimeOffset? at, CancellationToken ct) =>
        GetAsync($"/switches/{Segment(name)}/configuration/diff{Query(("since", Moment(since)), ("at", Moment(at)))}", Json.ConfigurationDiffView, $"switch {name}", ct);

    public Task<Answer<TemplateView[]>> ListTemplatesAsync(CancellationToken ct) => GetAsync("/templates", Json.TemplateViewArray, "templates", ct);

    public Task<Answer<TemplateCheckView>> CheckTemplatesAsync(CheckTemplatesRequest request, CancellationToken ct) =>
        PostAsync("/templates/check", request, Json.CheckTemplatesRequest, Json.TemplateCheckView, $"template {request.Name ?? "check"}", ct, ApiConnection.LongPatience);

    public Task<Answer<TriedTemplateView>> TryTemplateAsync(string name, TryTemplateRequest request, CancellationToken ct) =>
        PostAsync($"/templates/{Segment(name)}/try", request, Json.TryTemplateRequest, Json.TriedTemplateView, $"template {name}", ct, ApiConnection.LongPatience);

    public Task<Answer<RecordedSampleView>> RecordSampleAsync(string switchName, RecordSampleRequest request, CancellationToken ct) =>
        PostAsync($"/switches/{Segment(switchName)}/sample", request, Json.RecordSampleRequest, Json.RecordedSampleView, $"switch {switchName}", ct, ApiConnection.LongPatience);

    public Task<Answer<AgentAnswerView>> ReadAgentAsync(string name, ReadAgentRequest request, CancellationToken ct) =>
        PostAsync($"/switches/{Segment(name)}/snmp", request, Json.ReadAgentRequest, Json.AgentAnswerView, $"switch {name}", ct);

    public Task<Answer<PortView[]>> ListPortsAsync(string switchName, string? ifName, bool live, CancellationToken ct) =>
        GetAsync($"/ports{Query(("switch", switchName), ("ifName", ifName), ("live", live ? "true" : null))}", Json.PortViewArray, $"switch {switchName}", ct);

    public Task<Answer<PortPlanView>> PlanPortAsync(string switchName, string ifName, CancellationToken ct) =>
        GetAsync($"/switches/{Segment(switchName)}/ports/{Segment(ifName)}/plan", Json.PortPlanView, $"port {switchName} {ifName}", ct);

    public Task<Answer<PortEventView[]>> ListPortEventsAsync(string switchName, string? ifName, int? limit, CancellationToken ct) =>
        GetAsync(
            $"/ports/events{Query(("switch", switchName), ("ifName", ifName), ("limit", limit?.ToString()))}",
            Json.PortEventViewArray, $"switch {switchName}", ct);

    public Task<Answer<DriftView[]>> ListDriftAsync(string? building, string? switchName, CancellationToken ct) =>
        GetAsync($"/drift{Query(("building", building), ("switch", switchName))}", Json.DriftViewArray, "drift", ct);

    public Task<Answer<NodeView[]>> ListNodesAsync(CancellationToken ct) => GetAsync("/nodes", Json.NodeViewArray, "nodes", ct);

    public Task<Answer<NodeView>> ReadNodeAsync(string name, CancellationToken ct) => GetAsync($"/nodes/{Segment(name)}", Json.NodeView, $"node {name}", ct);

    public Task<Answer<ImportInventoryView>> ImportInventoryAsync(ImportInventoryRequest request, string what, CancellationToken ct) =>
        PostAsync("/inventory/imports", request, Json.ImportInventoryRequest, Json.ImportInventoryView, what, ct, ApiConnection.LongPatience);

    public Task<Answer<QualificationView>> QualifyAsync(QualifyRequest request, CancellationToken ct) =>
        PostAsync("/qualifications", request, Json.QualifyRequest, Json.QualificationView, $"building {request.Building}", ct);

    public Task<Answer<BillingEventView>> ReportBillingEventAsync(BillingEventRequest request, CancellationToken ct) =>
        PostAsync("/billing/events", request, Json.BillingEventRequest, Json.BillingEventView, $"account {request.Account}", ct);

    public Task<Answer<CredentialView[]>> ListCredentialsAsync(CancellationToken ct) => GetAsync("/credentials", Json.CredentialViewArray, "credentials", ct);

    public Task<Answer<CredentialView>> SetCredentialAsync(string name, SetCredentialRequest request, CancellationToken ct) =>
        PutAsync($"/credentials/{Segment(name)}", request, Json.SetCredentialRequest, Json.CredentialView, $"credential {name}", ct);

    public Task<Answer<CredentialView>> ReadCredentialAsync(string name, CancellationToken ct) =>
        GetAsync($"/credentials/{Segment(name)}", Json.CredentialView, $"credential {name}", ct);

    public Task<Answer<CredentialProofView>> ProveCredentialAsync(string name, CancellationToken ct) => connection.SendAsync(
        HttpMethod.Post, $"/credentials/{Segment(name)}/prove", body: null, Json.CredentialProofView, $"credential {name}", ct, ApiConnection.LongPatience);

    public Task<Answer<CredentialView>> RetireCredentialAsync(string name, bool evenUnproven, CancellationToken ct) => PostAsync(
        $"/credentials/{Segment(name)}/retire", new() { EvenUnproven = evenUnproven }, Json.RetireCredentialRequest, Json.CredentialView, $"credential {name}", ct);

    public Task<Answer<CredentialView>> UnlockCredentialAsync(string name, string why, CancellationToken ct) =>
        PostAsync($"/credentials/{Segment(name)}/unlock", new(why), Json.UnlockCredentialRequest, Json.CredentialView, $"credential {name}", ct);

    public Task<Answer<ResealedView>> ResealCredentialsAsync(CancellationToken ct) => PostAsync("/credentials/reseal", Json.ResealedView, "credentials", ct);

    public Task<Answer<TokenView[]>> ListTokensAsync(CancellationToken ct) => GetAsync("/tokens", Json.TokenViewArray, "tokens", ct);

    public Task<Answer<CreatedTokenView>> CreateTokenAsync(CreateTokenRequest request, CancellationToken ct) =>
        PostAsync("/tokens", request, Json.CreateTokenRequest, Json.CreatedTokenView, $"token {request.Name}", ct);

    public Task RevokeTokenAsync(string name, CancellationToken ct) => connection.SendAsync(HttpMethod.Delete, $"/tokens/{Segment(name)}", $"token {name}", ct);

    public Task<Answer<AlarmView[]>> ListAlarmsAsync(bool openOnly, string? severity, CancellationToken ct) =>
        GetAsync($"/alarms{Query(("open", openOnly ? "true" : null), ("severity", severity))}", Json.AlarmViewArray, "alarms", ct);

    public Task<Answer<AlarmDetailView>> ReadAlarmAsync(long id, CancellationToken ct) => GetAsync($"/alarms/{id}", Json.AlarmDetailView, $"alarm {id}", ct);

    public Task<Answer<AlarmView>> AcknowledgeAlarmAsync(long id, CancellationToken ct) =>
        PostAsync($"/alarms/{id}/acknowledge", Json.AlarmView, $"alarm {id}", ct);

    public Task<Answer<AuditLineView[]>> ListAuditAsync(
        DateTimeOffset? from, DateTimeOffset? to, string? who, string? action, string? @object, int? limit, CancellationToken ct) =>
        GetAsync(
            $"/audit{Query(("from", Iso(from)), ("to", Iso(to)), ("who", who), ("action", action), ("object", @object), ("limit", limit?.ToString()))}",
            Json.AuditLineViewArray, "audit log", ct);

    public Task<Answer<AuditVerificationView>> VerifyAuditAsync(DateTimeOffset? from, DateTimeOffset? to, string? anchor, CancellationToken ct) =>
        GetAsync($"/audit/verify{Query(("from", Iso(from)), ("to", Iso(to)), ("anchor", anchor))}", Json.AuditVerificationView, "audit log", ct, ApiConnection.LongPatience);

    public Task<Answer<AuditAnchorView[]>> ListAuditAnchorsAsync(CancellationToken ct) => GetAsync("/audit/anchors", Json.AuditAnchorViewArray, "audit anchors", ct);

    public Task<Answer<WebhookView[]>> ListWebhooksAsync(CancellationToken ct) => GetAsync("/webhooks", Json.WebhookViewArray, "webhooks", ct);

    public Task<Answer<WebhookView>> AddWebhookAsync(AddWebhookRequest request, CancellationToken ct) =>
        PostAsync("/webhooks", request, Json.AddWebhookRequest, Json.WebhookView, $"webhook {request.Name}", ct);

    public Task RemoveWebhookAsync(string name, CancellationToken ct) => connection.SendAsync(HttpMethod.Delete, $"/webhooks/{Segment(name)}", $"webhook {name}", ct);

    public Task<Answer<ReplayedWebhookView>> ReplayWebhookAsync(string name, long? from, CancellationToken ct) =>
        PostAsync($"/webhooks/{Segment(name)}/replay", new(from), Json.ReplayWebhookRequest, Json.ReplayedWebhookView, $"webhook {name}", ct);

    /// <summary>What happens from now on, or since a sequence number; null where the service does not stream now.</summary>
    public async Task<EventStream?> OpenEventsAsync(long? order, long? after, IReadOnlyList<string> types, CancellationToken ct)
    {
        var query = Query([("order", order?.ToString()), ("after", after?.ToString()), .. types.Select(t => ("type", (string?)t))]);
        return await connection.OpenStreamAsync($"/events{query}", ct) is { } response ? new EventStream(response) : null;
    }

    private static string? Iso(DateTimeOffset? at) => at?.ToString("O");

    private static string What(PlaceOrderRequest order) => $"{order.Action} {order.Service ?? order.Group ?? order.Switch}";

    private Task<Answer<T>> GetAsync<T>(string path, JsonTypeInfo<T> type, string what, CancellationToken ct, TimeSpan? patience = null) =>
        connection.SendAsync(HttpMethod.Get, path, body: null, type, what, ct, patience);

    private Task<Answer<T>> PostAsync<T>(string path, JsonTypeInfo<T> type, string what, CancellationToken ct) =>
        connection.SendAsync(HttpMethod.Post, path, body: null, type, what, ct);

    private Task<Answer<T>> PostAsync<TBody, T>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type, string what, CancellationToken ct, TimeSpan? patience = null) =>
        connection.SendAsync(HttpMethod.Post, path, Content(body, bodyType), type, what, ct, patience);

    private Task<Answer<T>> PutAsync<TBody, T>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type, string what, CancellationToken ct) =>
        connection.SendAsync(HttpMethod.Put, path, Content(body, bodyType), type, what, ct);

    private static ByteArrayContent Content<T>(T body, JsonTypeInfo<T> type) =>
        new(JsonSerializer.SerializeToUtf8Bytes(body, type)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    /// <summary>A name as one segment of the path. A URL cannot carry "." and "..": they would silently ask for something else.</summary>
    private static string Segment(string name) =>
        name is "" or "." or ".." ? throw new UsageException($"\"{name}\" is not a name.") : Uri.EscapeDataString(name);

    private static string? Moment(DateTimeOffset? at) => at?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private static string Query(params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var query = "";
        foreach (var (name, value) in parameters)
        {
            query += value is null ? "" : $"{(query.Length == 0 ? '?' : '&')}{name}={Uri.EscapeDataString(value)}";
        }

        return query;
    }
}
