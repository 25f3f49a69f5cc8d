using System.Text.Json;
using System.Text.Json.Serialization;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Api;

/// <summary>The Contracts as JSON, generated at build time: no reflection at start, and native compilation keeps working.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PlaceOrderRequest))]
[JsonSerializable(typeof(OrderView))]
[JsonSerializable(typeof(OrderListView))]
[JsonSerializable(typeof(DryRunView))]
[JsonSerializable(typeof(BulkOrderRequest))]
[JsonSerializable(typeof(BulkRowRequest[]))]
[JsonSerializable(typeof(BulkOrderView))]
[JsonSerializable(typeof(UndoOrderRequest))]
[JsonSerializable(typeof(ServiceView))]
[JsonSerializable(typeof(AdoptServicesRequest))]
[JsonSerializable(typeof(AdoptServicesView))]
[JsonSerializable(typeof(SwitchView))]
[JsonSerializable(typeof(SwitchView[]))]
[JsonSerializable(typeof(TrustSwitchRequest))]
[JsonSerializable(typeof(HostKeyView))]
[JsonSerializable(typeof(SetSwitchModeRequest))]
[JsonSerializable(typeof(UnlockSwitchBody))]
[JsonSerializable(typeof(ReadAgentRequest))]
[JsonSerializable(typeof(AgentAnswerView))]
[JsonSerializable(typeof(PortView[]))]
[JsonSerializable(typeof(PortEventView[]))]
[JsonSerializable(typeof(DriftView[]))]
[JsonSerializable(typeof(NodeView))]
[JsonSerializable(typeof(NodeView[]))]
[JsonSerializable(typeof(ImportInventoryRequest))]
[JsonSerializable(typeof(ImportInventoryView))]
[JsonSerializable(typeof(QualifyRequest))]
[JsonSerializable(typeof(QualificationView))]
[JsonSerializable(typeof(BillingEventRequest))]
[JsonSerializable(typeof(BillingEventView))]
[JsonSerializable(typeof(SetCredentialRequest))]
[JsonSerializable(typeof(CredentialView))]
[JsonSerializable(typeof(CredentialView[]))]
[JsonSerializable(typeof(CreateTokenRequest))]
[JsonSerializable(typeof(CreatedTokenView))]
[JsonSerializable(typeof(TokenView[]))]
[JsonSerializable(typeof(AlarmView))]
[JsonSerializable(typeof(AlarmView[]))]
[JsonSerializable(typeof(ProblemView))]
internal sealed partial class ApiJson : JsonSerializerContext;

/// <summary>Why a locked switch may be written again.</summary>
internal sealed record UnlockSwitchBody(string Why);
