using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Database;
using ProvisionSvc.Devices;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Templates;

/// <summary>
/// A template's dry run on a live switch: log in, run every read on one port, show what was made of it and what would be typed. Where it stops, it says
/// where and why, and shows the conversation so far.
/// </summary>
internal sealed class TryTemplate(TemplateBench bench, SwitchAccess access)
{
    public static async Task<Results<Ok<TriedTemplateView>, ProblemHttpResult>> HandleAsync(
        string name, Body<TryTemplateRequest> body, ClaimsPrincipal user, TryTemplate tryTemplate, CancellationToken ct)
    {
        if (body.Faults.Count > 0)
        {
            return Problems.Invalid(body.Faults);
        }

        var (view, problem) = await tryTemplate.Bench.RunAsync(
            body.Value.Switch, name, Caller.Of(user), "template.try", (at, token) => tryTemplate.RunAsync(at, body.Value.IfName, token), ct);
        return problem is null ? TypedResults.Ok(view!) : problem.Answer;
    }

    private TemplateBench Bench => bench;

    private async Task<TriedTemplateView> RunAsync(BenchSwitch at, string? ifName, CancellationToken ct)
    {
        var view = new TriedTemplateView { Template = at.Template.Name, Switch = at.Row.Endpoint.Name, Draft = at.Template.Template.Draft };
        var session = default(SwitchSession);
        try
        {
            var (sysObjectId, sysDescr) = await access.Agents.IdentifyAsync(at.Row.Endpoint, at.Credential, ct);
            view = view with { SysObjectId = sysObjectId, SysDescr = Printable.Of(sysDescr), Fits = TemplateCatalog.Fits(at.Template, sysObjectId, sysDescr) };
            session = await access.OpenAsync(at.Row.Endpoint, at.Credential, at.Template, at.Lane.RequireHeld, ct);
            view = view with { Host = session.Host };
            return Chosen(at, ifName) is not { } port
                ? view with { Stopped = ifName is null ? $"No customer port of {view.Switch} fits ports.pattern; name one." : $"The inventory has no port {ifName} on {view.Switch}." }
                : await ReadAsync(at, session, port, view with { IfName = port.Name.IfName }, ct);
        }
        catch (DeviceException stopped)
        {
            return view with { Stopped = stopped.Message, Transcript = session is null ? null : Shown(session.Transcript) };
        }
        finally
        {
            if (session is not null)
            {
                await session.DisposeAsync();
            }
        }
    }

    private async Task<TriedTemplateView> ReadAsync(BenchSwitch at, SwitchSession session, BenchPort port, TriedTemplateView view, CancellationToken ct)
    {
        var template = at.Template.Template;
        var outputs = await session.ReadOutputsAsync(port.Name, ct);
        view = view with { Reads = [.. outputs.Select(o => new TriedReadView(o.Key, at.Template.ReadCommand(o.Key, port.Name.IfName), Scrubbed(at, o.Value)))] };
        var typed = ParseReading.From(template, outputs, port.Name);
        var asked = await access.Agents.ReadAsync(at.Row.Endpoint, at.Credential, template, port.Name, port.IfIndex, ct);
        var reading = SwitchAccess.Both(template, typed, asked.Reading);
        view = view with
        {
            OperStatus = EnumText.Of(reading.OperStatus),
            Reading = [.. template.Fields.OrderBy(f => f.Key).Select(f => new TriedFieldView(
                FieldNames.Of(f.Key), reading.Values.ContainsKey(f.Key), reading.Values.GetValueOrDefault(f.Key),
                EnumText.Of(f.Value.Read is null ? Channel.Snmp : Channel.Terminal)))],
            Transcript = Shown(session.Transcript),
        };
        return MakePlan.For(template, port.Name, port.Role, port.Intent, reading, at.Row.WriteBy) switch
        {
            PlanOutcome.Planned(var plan) => view with { Plan = PlanRows.Of(plan) },
            PlanOutcome.Refused(var reasons) => view with { Refusals = reasons },
            var other => throw new InvalidOperationException($"{other} is no outcome of a plan."),
        };
    }

    private static BenchPort? Chosen(BenchSwitch at, string? ifName) => ifName is null
        ? at.Ports.Where(p => p.Role == PortRole.Customer && at.Template.Template.PortPattern.IsMatch(p.Name.IfName)).OrderByDescending(p => p.Lit).FirstOrDefault()
        : at.Ports.FirstOrDefault(p => p.Name.IfName == ifName);

    private static string Scrubbed(BenchSwitch at, string output) => Scrub.Secrets(output, at.Template.Archive?.Secrets ?? [], at.Credential.Known);

    private static string Shown(string transcript) => Scrub.Secrets(transcript, [], []);
}
