using Microsoft.AspNetCore.Http.HttpResults;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Database;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Templates;

/// <summary>Lists templates with what they can do, and checks them: those of the directory, or files that the caller sends. Touches no switch.</summary>
internal static class CheckTemplates
{
    /// <summary>The request may carry a whole folder of samples.</summary>
    public const int LargestRequest = 16 << 20;

    public static Ok<IReadOnlyList<TemplateView>> List(TemplateCatalog templates) =>
        TypedResults.Ok<IReadOnlyList<TemplateView>>([.. templates.Templates.OrderBy(t => t.Name, StringComparer.Ordinal).Select(View)]);

    public static Results<Ok<TemplateCheckView>, ProblemHttpResult> Handle(Body<CheckTemplatesRequest> body, TemplateDirectory directory)
    {
        if (body.Faults.Count > 0)
        {
            return Problems.Invalid(body.Faults);
        }

        var (name, files) = (body.Value.Name, body.Value.Files);
        if (files is not null)
        {
            return name is null
                ? Problems.Invalid([new Fault("missing-member", "name", "Say the name of the folder that the files come from.")])
                : Answer([View(CheckTemplate.Run(new(name, files)))]);
        }

        if (name is not null)
        {
            return directory.Find(name) is { } folder ? Answer([View(CheckTemplate.Run(folder))]) : Problems.NotFound("template", name);
        }

        var all = directory.Names.Select(n => View(CheckTemplate.Run(TemplateOf(directory, n)))).ToList();
        return Answer(directory.StandardFaults() is { Count: > 0 } standard ? [.. all, new(StandardColumns.FileName, null, null, [], [.. standard.Select(View)])] : all);
    }

    public static TemplateFaultView View(TemplateFault fault) => new(fault.File, fault.Line, fault.Column, fault.Message, fault.Remedy);

    private static TemplateFolder TemplateOf(TemplateDirectory directory, string name) => directory.Find(name) ?? new(name, new Dictionary<string, string>());

    private static Ok<TemplateCheckView> Answer(IReadOnlyList<CheckedTemplateView> found) => TypedResults.Ok(new TemplateCheckView(found, found.Sum(t => t.Faults.Count)));

    private static CheckedTemplateView View(CheckedTemplate found) =>
        new(found.Name, found.Loaded?.Template.Title, found.Loaded?.Template.Draft, found.Samples, [.. found.Faults.Select(View)]);

    private static TemplateView View(LoadedTemplate loaded)
    {
        var template = loaded.Template;
        return new()
        {
            Name = template.Name,
            Title = template.Title,
            Draft = template.Draft,
            Terminal = loaded.Dialect is not null,
            SysObjectIds = template.SysObjectIds,
            SysDescr = template.SysDescr?.ToString(),
            Fields = [.. template.Fields.OrderBy(f => f.Key).Select(f => View(f.Key, f.Value))],
            Commits = template.Configure.Commit.Count > 0,
            Save = template.Save.WhyNone ?? string.Join("; ", template.Save.Lines),
            Archive = loaded.Archive?.Command,
        };
    }

    private static TemplateFieldView View(IntentField field, FieldTemplate how)
    {
        var typed = how.Set.Count > 0 || how.Cases.Count > 0;
        var (terminal, snmp) = (EnumText.Of(Channel.Terminal), EnumText.Of(Channel.Snmp));
        var byAgent = field is IntentField.AdminStatus or IntentField.Alias || how.SnmpNone is not null;
        return new(
            FieldNames.Of(field), [.. typed ? [terminal] : (string[])[], .. how.SnmpSettable ? [snmp] : (string[])[]],
            [.. how.Read is not null ? [terminal] : (string[])[], .. byAgent ? [snmp] : (string[])[]],
            EnumText.Of(how.Read is null ? Channel.Snmp : how.VerifyBy));
    }
}
