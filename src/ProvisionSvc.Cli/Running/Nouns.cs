using System.CommandLine;
using ProvisionSvc.Cli.Alarms;
using ProvisionSvc.Cli.Audit;
using ProvisionSvc.Cli.Billing;
using ProvisionSvc.Cli.Credentials;
using ProvisionSvc.Cli.Drift;
using ProvisionSvc.Cli.Events;
using ProvisionSvc.Cli.Inventory;
using ProvisionSvc.Cli.Nodes;
using ProvisionSvc.Cli.Orders;
using ProvisionSvc.Cli.Ports;
using ProvisionSvc.Cli.Qualification;
using ProvisionSvc.Cli.Scheduling;
using ProvisionSvc.Cli.Services;
using ProvisionSvc.Cli.Snmp;
using ProvisionSvc.Cli.Switches;
using ProvisionSvc.Cli.Templates;
using ProvisionSvc.Cli.Tokens;
using ProvisionSvc.Cli.Webhooks;

namespace ProvisionSvc.Cli.Running;

/// <summary>The whole command at a glance.</summary>
internal static class Nouns
{
    public static IEnumerable<Command> All() =>
    [
        QualifyBuilding.Create(),
        StopAndStart.Stop(),
        StopAndStart.Start(),
        Noun("order", "Orders: every change of a port is one",
            ActivateOrder.Create(), DisconnectOrder.Create(), SuspendOrder.Create(), ResumeOrder.Create(),
            ChangeOrders.CreateSpeed(), ChangeOrders.CreateVlan(), PlaceOrders.CreateAttach(), PlaceOrders.CreateDetach(), PlaceOrders.CreateMove(),
            ChangeOrders.CreateRename(), ChangeOrders.CreateRepair(), ChangeOrders.CreateAdopt(), PlaceOrders.CreateReplaceSwitch(), ImportOrders.Create(),
            ShowOrder.Create(), ListOrders.Create(), WatchOrder.Create(), CancelOrder.Create(), UndoOrder.Create(), ReleaseOrder.Create(),
            AnswerOrder.Create(), ApproveOrder.Create(), RejectOrder.Create(), ShowEvidence.Create()),
        Noun("service", "Services: what is sold, and where it is attached", ShowService.Create(), AdoptServices.Create()),
        Noun("port", "Ports: what they should be and what they were seen to be", ShowPort.Create(), ListPorts.Create(), PlanPort.Create(), ListPortEvents.Create()),
        Noun("switch", "Switches: reachability, trust and mode",
            ShowSwitch.Create(), ListSwitches.Create(), TrustSwitch.Create(), TrustEngine.Create(), SetSwitchMode.Create(), UnlockSwitch.Create(), ShowConfiguration.Create()),
        Noun("snmp", "A switch's SNMP agent, read by the service: a change is an order", GetVariables.Create(), WalkAgent.Create(), ReadTable.Create()),
        Noun("template", "Device templates: checked, tried on a live switch, recorded from one", ListTemplates.Create(), CheckTemplates.Create(), TryTemplate.Create(), RecordSample.Create()),
        Noun("node", "Nodes: uplink and VLAN room", ShowNode.Create(), ListNodes.Create(), SetPace.Create(), SetMaintenance.OfNode()),
        Noun("building", "Buildings and what stands in them", SetMaintenance.OfBuilding()),
        Noun("pause", "Keep changes from beginning at a switch, a building or a node", AddPause.Create(), ListPauses.Create(), EndPause.Create()),
        Noun("window", "When changes may begin", AddWindow.Create(), ListWindows.Create(), RemoveWindow.Create()),
        Noun("freeze", "When no change begins", AddFreeze.Create(), ListFreezes.Create(), EndFreeze.Create()),
        Noun("calendar", "Days that are worked, or not, other than Monday to Friday says", ImportCalendar.Create(), ShowCalendar.Create()),
        Noun("budget", "The darkening budget raised for a run, by somebody else than the one who places its orders", RaiseBudget.Create(), ListRaises.Create(), EndRaise.Create()),
        Noun("drift", "Ports that are not as they should be", ListDrift.Create()),
        Noun("alarm", "What needs a person", ListAlarms.Create(), ShowAlarm.Create(), AcknowledgeAlarm.Create()),
        Noun("event", "What happens, as it happens", WatchEvents.Create()),
        Noun("webhook", "Systems that are told of events", AddWebhook.Create(), ListWebhooks.Create(), RemoveWebhook.Create(), ReplayWebhook.Create()),
        Noun("audit", "Who did what, and whether anybody changed that afterwards", ListAudit.Create(), VerifyAudit.Create(), ListAnchors.Create()),
        Noun("billing", "What billing says of an account", ReportPayment.CreateUnpaid(), ReportPayment.CreatePaid()),
        Noun("inventory", "Nodes, buildings, switches, ports, customers and services from files", ImportInventory.Create()),
        Noun("credential", "What switches are logged in with and asked with",
            SetCredential.Create(), ListCredentials.Create(), ShowCredential.Create(), ProveCredential.Create(), RetireCredential.Create(), UnlockCredential.Create(),
            ResealCredentials.Create()),
        Noun("token", "API tokens of people and systems", CreateToken.Create(), ListTokens.Create(), RevokeToken.Create()),
    ];

    private static Command Noun(string name, string description, params ReadOnlySpan<UseCase> useCases)
    {
        var noun = new Command(name, description);
        foreach (var useCase in useCases)
        {
            noun.Add(useCase);
        }

        return noun;
    }
}
