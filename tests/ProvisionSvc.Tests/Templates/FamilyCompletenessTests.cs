using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Devices.Terminal;

namespace ProvisionSvc.Tests.Templates;

/// <summary>What every family has to say, or why it does not.</summary>
public sealed class FamilyCompletenessTests
{
    private static readonly TemplateCatalog Catalog = TemplateCatalog.Load(Folders.Templates).OrThrow();

    /// <summary>Families that lack something for a reason of their own; a reason that is gone fails too.</summary>
    private static readonly Dictionary<(string Family, string What), string> Lacks = new()
    {
        [("open-vswitch", "pagers")] = "its commands are run in a shell and print through none",
        [("open-vswitch", "errors, tried")] = "the exit status in the prompt rejects; its recorded sessions try that",
        [("frr", "pagers")] = "none was seen after terminal length 0",
        [("frr", "sysObjectId")] = "the agent is the machine's, whatever that is",
    };

    public static TheoryData<string> Terminals => [.. Catalog.Templates.Where(t => t.Dialect is not null).Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Terminals))]
    public void A_family_with_a_command_line_says_all_that_a_session_needs(string family)
    {
        var (loaded, folder) = (Catalog.Find(family)!, TemplateFolder.Load(Folders.Templates, family));
        var (template, dialect) = (loaded.Template, loaded.Dialect!);
        var samples = string.Join('\n', folder.Files.Where(f => f.Key.EndsWith(TemplateSample.FileName, StringComparison.Ordinal)).Select(f => f.Value));
        (string What, bool Said)[] said =
        [
            ("sysObjectId", template.SysObjectIds.Count > 0),
            ("sysDescr", template.SysDescr is not null),
            ("prompts, tried", samples.Contains("prompts:", StringComparison.Ordinal) && samples.Contains("bad:", StringComparison.Ordinal)),
            ("pagers", dialect.Pagers.Count > 0),
            ("errors", dialect.Errors.Count > 0 || dialect.Prompt.Contains("(?<status>", StringComparison.Ordinal)),
            ("errors, tried", samples.Contains("rejected:", StringComparison.Ordinal)),
            ("logout", dialect.Logout.Count > 0),
            ("ways in and out", template.Configure.Enter.Count == 0 == (template.Configure.Leave.Count == 0)),
            ("save, tried", template.Save.WhyNone is not null || samples.Contains("succeeded:", StringComparison.Ordinal)),
            ("proof of the save", template.Save.WhyNone is not null || template.Save.VerifyCommand is not null || template.Save.WhyUnproven is not null),
            ("archive", loaded.Archive is not null),
            ("admin status and alias", template.Fields.ContainsKey(IntentField.AdminStatus) && template.Fields.ContainsKey(IntentField.Alias)),
        ];

        Assert.Equal(Lacks.Keys.Where(l => l.Family == family).Select(l => l.What).Order(StringComparer.Ordinal), said.Where(s => !s.Said).Select(s => s.What).Order(StringComparer.Ordinal));
    }

    /// <summary>A prompt per mode: at the prompt, in configuration, at a port.</summary>
    [Theory]
    [MemberData(nameof(Terminals))]
    public void A_family_s_samples_hold_a_prompt_of_each_of_its_modes(string family)
    {
        var loaded = Catalog.Find(family)!;
        var modes = 1 + (loaded.Template.Configure.Enter.Count > 0 ? 1 : 0) + (loaded.Template.Port.Enter.Count > 0 ? 1 : 0);
        var good = TemplateFolder.Load(Folders.Templates, family).Files.Where(f => f.Key.EndsWith(TemplateSample.FileName, StringComparison.Ordinal))
            .SelectMany(f => f.Value.Split('\n')).Where(l => l.TrimStart().StartsWith("good:", StringComparison.Ordinal)).Max(l => l.Split("', ").Length);
        Assert.True(good >= modes, $"{family} has {modes} modes and a sample with {good} prompts.");
    }

    [Fact]
    public void A_legacy_algorithm_that_a_family_allows_is_one_that_the_library_still_speaks() => Assert.All(
        Catalog.Templates.Where(t => t.Dialect is not null).SelectMany(t => t.Dialect!.LegacyAlgorithms),
        a => Assert.Contains(a, (string[])["diffie-hellman-group1-sha1", "diffie-hellman-group14-sha1", "diffie-hellman-group-exchange-sha1", "ssh-rsa", "aes128-cbc", "aes192-cbc", "aes256-cbc", "3des-cbc", "hmac-sha1"]));
}
