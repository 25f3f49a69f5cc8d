using System.Reflection;
using System.Text.RegularExpressions;
using ProvisionSvc.Audit;
using ProvisionSvc.Configurations;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Events;
using ProvisionSvc.Hosting;
using ProvisionSvc.Inventory.Import;
using ProvisionSvc.Lanes;
using ProvisionSvc.Orders;
using ProvisionSvc.Polling;
using ProvisionSvc.Scheduling;
using ProvisionSvc.Templates;
using ProvisionSvc.Tests.Templates;

namespace ProvisionSvc.Tests.Documents;

/// <summary>Documents speak of files, settings, codes and headers; what they name has to be there.</summary>
public partial class DocumentsTests
{
    private static readonly (string Section, Type Options)[] Sections =
        [("Provision", typeof(ProvisionOptions)), ("Orders", typeof(OrderOptions)), ("Lanes", typeof(LaneOptions)), ("Polling", typeof(PollingOptions)),
         ("Events", typeof(EventOptions)), ("Audit", typeof(AuditOptions)),
         ("Configurations", typeof(ConfigurationOptions)), ("Templates", typeof(TemplateOptions)),
         ("Scheduling", typeof(SchedulingOptions)), ("Approvals", typeof(ApprovalOptions))];

    private static string Operations => File.ReadAllText(Path.Combine(Folders.Repository, "docs", "operations.md"));

    [Fact]
    public void Every_relative_link_leads_somewhere()
    {
        var broken = TextFiles.Under(Folders.Repository, ".md")
            .SelectMany(file => Link().Matches(File.ReadAllText(file)).Select(m => (File: file, To: m.Groups["to"].Value)))
            .Where(l => !l.To.Contains("://", StringComparison.Ordinal) && !Leads(l.File, l.To))
            .Select(l => $"{Shown(l.File)}: {l.To}");
        Assert.Empty(broken);
    }

    [Fact]
    public void Every_script_that_a_document_names_exists() => Assert.Empty(
        TextFiles.Under(Folders.Repository, ".md")
            .SelectMany(file => Script().Matches(File.ReadAllText(file)).Select(m => (File: file, Script: m.Value)))
            .Where(s => !File.Exists(Path.Combine(Folders.Repository, s.Script)))
            .Select(s => $"{Shown(s.File)}: {s.Script}"));

    [Fact]
    public void Every_folder_and_source_file_that_a_document_names_exists() => Assert.Empty(
        TextFiles.Under(Folders.Repository, ".md")
            .SelectMany(file => SourcePath().Matches(File.ReadAllText(file)).Select(m => (File: file, Path: m.Groups["path"].Value)))
            .Where(p => !p.Path.Contains("NNNN", StringComparison.Ordinal) && !Path.Exists(Path.Combine(Folders.Repository, p.Path)))
            .Select(p => $"{Shown(p.File)}: {p.Path}"));

    [Fact]
    public void The_settings_in_operations_md_are_those_of_the_options_with_their_defaults()
    {
        var documented = SettingRow().Matches(Operations)
            .Where(m => Array.Exists(Sections, s => s.Section == m.Groups["section"].Value))
            .ToDictionary(m => m.Groups["name"].Value, m => m.Groups["default"].Value.Trim(' ', '`'));
        var real = Sections.SelectMany(s => Settings(s.Options).Select(p => (Name: $"{s.Section}:{p.Name}", Default: Default(s.Options, p)))).ToList();

        Assert.Equal(real.Select(r => r.Name).Order(StringComparer.Ordinal), documented.Keys.Order(StringComparer.Ordinal));
        Assert.All(real.Where(r => r.Default is not null), r => Assert.Equal(r.Default, documented[r.Name]));
    }

    [Fact]
    public void Every_setting_that_any_document_names_is_one()
    {
        var real = Sections.SelectMany(s => Settings(s.Options).Select(p => $"{s.Section}:{p.Name}")).ToHashSet(StringComparer.Ordinal);
        var named = TextFiles.Under(Folders.Repository, ".md", ".yml")
            .SelectMany(file => SettingName().Matches(File.ReadAllText(file)).Select(m => (File: file, Name: $"{m.Groups["section"].Value}:{m.Groups["key"].Value}")));
        Assert.Empty(named.Where(n => !real.Contains(n.Name)).Select(n => $"{Shown(n.File)}: {n.Name}"));
    }

    [Fact]
    public void Every_reason_code_is_explained_in_both_languages()
    {
        var rows = ReasonRow().Matches(Operations).ToDictionary(m => m.Groups["code"].Value, m => (English: m.Groups["en"].Value, Chinese: m.Groups["zh"].Value));
        Assert.Equal(Reasons.All.Keys.Order(StringComparer.Ordinal), rows.Keys.Order(StringComparer.Ordinal));
        Assert.All(Reasons.All.Values, r => Assert.Equal((r.English, r.Chinese), rows[r.Code]));
    }

    [Fact]
    public void The_documented_inventory_files_have_the_importers_headers()
    {
        var lines = File.ReadAllLines(Path.Combine(Folders.Repository, "docs", "inventory-files.md"));
        Assert.Equal(InventoryFile.All.Select(f => f.Name), lines.Where(l => l.StartsWith("### ", StringComparison.Ordinal)).Select(l => l[4..]));
        Assert.All(InventoryFile.All, file => Assert.Equal(file.Headers, HeadersUnder(lines, file.Name)));
    }

    [Fact]
    public void No_file_names_a_path_of_one_machine_or_a_package_feed()
    {
        var found = TextFiles.Under(Folders.Repository, ".md", ".cs", ".csproj", ".props", ".json", ".yaml", ".yml", ".sh", ".sql", ".svg", ".config", "Dockerfile", "run")
            .Where(file => Path.GetFileName(file) is not ("packages.lock.json" or "DocumentsTests.cs"))
            .SelectMany(file => File.ReadLines(file).Select((line, i) => (File: file, Line: i + 1, Match: MachineOrFeed().Match(line))))
            .Where(l => l.Match.Success)
            .Select(l => $"{Shown(l.File)}:{l.Line}: {l.Match.Value}");
        Assert.Empty(found);
    }

    private static bool Leads(string file, string to)
    {
        var (path, anchor) = to.Split('#') is [var p, var a] ? (p, a) : (to, null);
        var target = path.Length == 0 ? file : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, path));
        return Path.Exists(target) && (anchor is null || File.ReadLines(target).Any(l => l.StartsWith('#') && Anchor(l) == anchor));
    }

    /// <summary>A heading's anchor as repositories' web pages make it.</summary>
    private static string Anchor(string heading) =>
        string.Concat(heading.TrimStart('#').Trim().ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-');

    private static IEnumerable<PropertyInfo> Settings(Type options) => options.GetProperties().Where(p => p.CanWrite);

    /// <summary>The default as a configuration file would say it; null where it depends on the machine or is a list.</summary>
    private static string? Default(Type options, PropertyInfo setting) => setting.PropertyType switch
    {
        var t when t == typeof(int) || t == typeof(TimeSpan) => setting.GetValue(Activator.CreateInstance(options))?.ToString(),
        _ when setting.Name == nameof(ProvisionOptions.Role) => new ProvisionOptions().Role,
        _ => null,
    };

    private static IEnumerable<string> HeadersUnder(string[] lines, string file) => lines
        .SkipWhile(l => l != $"### {file}").Skip(1)
        .TakeWhile(l => !l.StartsWith('#'))
        .Where(l => l.StartsWith("| ", StringComparison.Ordinal))
        .Skip(2)
        .Select(l => l.Split('|')[1].Trim(' ', '*'));

    private static string Shown(string file) => Path.GetRelativePath(Folders.Repository, file);

    [GeneratedRegex(@"\]\((?<to>[^)\s]+)\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Link();

    [GeneratedRegex(@"\beng/[\w./-]+\.sh\b")]
    private static partial Regex Script();

    [GeneratedRegex(@"`(?<path>(?:src|tests|docs|eng|device-templates)/[\w./-]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex SourcePath();

    [GeneratedRegex(@"^\| `(?<name>(?<section>\w+):\w+)` \| (?<default>[^|]*) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex SettingRow();

    [GeneratedRegex(@"\b(?<section>Provision|Orders|Lanes|Polling|Events|Audit|Configurations|Templates|Scheduling|Approvals)(?::|__)(?<key>[A-Z]\w*?)(?=__\d|:\d|\b)", RegexOptions.ExplicitCapture)]
    private static partial Regex SettingName();

    [GeneratedRegex(@"^\| [^|]+ \| `(?<code>[a-z-]+)` \| (?<en>[^|]+) \| (?<zh>[^|]+) \| [^|]+ \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex ReasonRow();

    // Folders of a person or a build machine; feeds by their index, and hosts that only a private network knows.
    [GeneratedRegex(@"(?<![\w.])/(?:work|root|home)/[\w.-]+|/tmp/bash_jobs|/v3/index\.json|api\.nuget\.org|artifactory|\bnexus\b", RegexOptions.IgnoreCase)]
    private static partial Regex MachineOrFeed();
}
