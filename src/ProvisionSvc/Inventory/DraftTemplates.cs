using Microsoft.Extensions.Options;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Inventory;

/// <summary>A template that calls itself a draft writes to no switch until somebody has decided so in the settings.</summary>
internal sealed class DraftTemplates(TemplateCatalog templates, IOptions<ProvisionOptions> options)
{
    /// <summary>Null where switches with this template may be managed, else the sentence that says why not and what to do.</summary>
    public string? Refusal(string template) => templates.Find(template)?.Template.Draft is { } why && !options.Value.AllowDraftTemplates
        ? $"Template {template} is a draft: {why}. Its switches stay observed; Provision:AllowDraftTemplates=true lets them be managed."
        : null;
}
