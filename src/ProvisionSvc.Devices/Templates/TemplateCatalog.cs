namespace ProvisionSvc.Devices.Templates;

/// <summary>All templates of a directory: one folder each, and what is wrong with any of them.</summary>
public sealed class TemplateCatalog
{
    private const string FileName = "template.yaml";
    private readonly Dictionary<string, LoadedTemplate> _byName;

    private TemplateCatalog(IReadOnlyList<LoadedTemplate> templates, IReadOnlyList<TemplateFault> faults)
    {
        Templates = templates;
        Faults = faults;
        _byName = templates.ToDictionary(t => t.Name);
    }

    /// <summary>The templates without a fault, by name.</summary>
    public IReadOnlyList<LoadedTemplate> Templates { get; }

    /// <summary>Every fault of every folder.</summary>
    public IReadOnlyList<TemplateFault> Faults { get; }

    /// <summary>Reads every folder of <paramref name="directory"/>. Nothing is thrown for a faulty template; see <see cref="Faults"/>.</summary>
    public static TemplateCatalog Load(string directory)
    {
        if (!Directory.Exists(directory))
        {
            return new([], [new(directory, 1, 1, "There is no such directory.", "Name the directory that holds the template folders.")]);
        }

        var templates = new List<LoadedTemplate>();
        var faults = new List<TemplateFault>();
        foreach (var folder in Directory.EnumerateDirectories(directory).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(folder);
            var file = Path.Combine(folder, FileName);
            var shown = $"{name}/{FileName}";
            if (!File.Exists(file))
            {
                faults.Add(new(shown, 1, 1, "The folder has no template.", $"Add {FileName}, or take the folder away."));
                continue;
            }

            var (loaded, found) = TemplateReader.Read(shown, name, File.ReadAllText(file));
            faults.AddRange(found);
            if (loaded is not null)
            {
                templates.Add(loaded);
            }
        }

        return new(templates, faults);
    }

    /// <summary>This catalog, provided that nothing is wrong with it.</summary>
    /// <exception cref="TemplateException">Something is; all of it is in the message.</exception>
    public TemplateCatalog OrThrow() => Faults.Count == 0 ? this : throw new TemplateException(Faults);

    public LoadedTemplate? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>
    /// The template for a switch that names itself so. Everything a template asks for must hold; of several, the longest object identifier wins, then
    /// one that also knows the description. Null when none fits, or when two fit equally well: a guess would be typed into a switch.
    /// </summary>
    public LoadedTemplate? Match(string? sysObjectId, string? sysDescr)
    {
        var fitting = Templates
            .Select(t => (Template: t, Fit: Fit(t, sysObjectId?.Trim('.') ?? "", sysDescr ?? "")))
            .Where(m => m.Fit > 0)
            .OrderByDescending(m => m.Fit)
            .ToList();
        return fitting.Count == 0 || (fitting.Count > 1 && fitting[0].Fit == fitting[1].Fit) ? null : fitting[0].Template;
    }

    /// <summary>False when a switch that names itself so cannot be of this family; a template that asks for nothing fits every switch.</summary>
    public static bool Fits(LoadedTemplate template, string? sysObjectId, string? sysDescr) =>
        template.Template is { SysObjectIds: [], SysDescr: null } || Fit(template, sysObjectId?.Trim('.') ?? "", sysDescr ?? "") > 0;

    private static int Fit(LoadedTemplate loaded, string sysObjectId, string sysDescr)
    {
        var (ids, descr) = (loaded.Template.SysObjectIds, loaded.Template.SysDescr);
        var longest = ids.Where(p => sysObjectId == p || sysObjectId.StartsWith($"{p}.", StringComparison.Ordinal)).Select(p => p.Length).DefaultIfEmpty(0).Max();
        var described = descr?.IsMatch(sysDescr);
        return (ids.Count > 0 && longest == 0) || described == false ? 0 : (longest * 2) + (described == true ? 1 : 0);
    }
}
