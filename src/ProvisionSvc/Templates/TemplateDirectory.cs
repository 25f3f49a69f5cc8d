using Microsoft.Extensions.Options;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Templates;

/// <summary>
/// The templates as they lie in the directory now, not as they were when the service started: who writes one need not restart it. Only ever read here.
/// </summary>
internal sealed class TemplateDirectory(IOptions<ProvisionOptions> options)
{
    private string Root => options.Value.TemplatesDirectory;

    public IReadOnlyList<string> Names => TemplateFolder.Names(Root);

    /// <summary>The folder of that name, or null. Only names that are listed are opened: none leads out of the directory.</summary>
    public TemplateFolder? Find(string name) => Names.Contains(name) ? TemplateFolder.Load(Root, name) : null;

    /// <summary>What is wrong with the columns that every sweep reads.</summary>
    public IReadOnlyList<TemplateFault> StandardFaults()
    {
        var file = Path.Combine(Root, StandardColumns.FileName);
        return File.Exists(file)
            ? StandardColumns.Read(StandardColumns.FileName, File.ReadAllText(file)).Faults
            : [new(StandardColumns.FileName, 1, 1, "There is no such file.", "Restore it: every sweep reads its columns.")];
    }

    public IReadOnlyList<StandardColumn> Columns() => StandardColumns.Load(Root);
}
