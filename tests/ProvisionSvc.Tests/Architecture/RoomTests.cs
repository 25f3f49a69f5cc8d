using System.Reflection;
using NetArchTest.Rules;

namespace ProvisionSvc.Tests.Architecture;

/// <summary>The rules between the rooms: who may know whom.</summary>
public sealed class RoomTests
{
    private static readonly Assembly Core = typeof(global::ProvisionSvc.Core.Secret).Assembly;
    private static readonly Assembly Snmp = typeof(global::ProvisionSvc.Snmp.SnmpTarget).Assembly;
    private static readonly Assembly Devices = typeof(global::ProvisionSvc.Devices.DeviceException).Assembly;
    private static readonly Assembly Contracts = typeof(global::ProvisionSvc.Contracts.FaultView).Assembly;
    private static readonly Assembly Service = typeof(Hosting.Roles).Assembly;

    public static TheoryData<string, string[]> AllowedReferences => new()
    {
        { "ProvisionSvc.Core", [] },
        { "ProvisionSvc.Snmp", [] },
        { "ProvisionSvc.Contracts", [] },
        { "ProvisionSvc.Devices", ["ProvisionSvc.Core", "ProvisionSvc.Snmp"] },
        { "ProvisionSvc", ["ProvisionSvc.Contracts", "ProvisionSvc.Core", "ProvisionSvc.Devices", "ProvisionSvc.Snmp"] },
        { "ProvisionSvc.Cli", ["ProvisionSvc.Contracts"] },
        { "ProvisionSvc.DeviceLab", ["ProvisionSvc.Snmp"] },
    };

    [Theory]
    [MemberData(nameof(AllowedReferences))]
    public void A_project_knows_only_the_rooms_below_it(string project, string[] allowed) =>
        Assert.Equal(allowed, Repository.References(Project(project), "ProjectReference"));

    /// <summary>A simulator that knew the templates or read by the product's client would agree with its own mistakes.</summary>
    [Fact]
    public void The_simulator_reads_no_templates_and_uses_of_SNMP_the_codec_alone()
    {
        AssertHolds(Types.InAssembly(typeof(global::ProvisionSvc.DeviceLab.LabHost).Assembly).ShouldNot().HaveDependencyOnAny("ProvisionSvc.Snmp.SnmpClient", "ProvisionSvc.Snmp.ISnmpClient", "YamlDotNet").GetResult());
        Assert.DoesNotContain(
            Repository.Sources.Where(f => f.Contains("/ProvisionSvc.DeviceLab/", StringComparison.Ordinal)),
            f => File.ReadAllText(f).Contains("device-templates", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_project_has_its_rule() => Assert.Equal(
        Repository.Projects.Select(p => Path.GetFileNameWithoutExtension(p)).Order(StringComparer.Ordinal),
        AllowedReferences.Select(r => r.Data.Item1).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("ProvisionSvc.Core")]
    [InlineData("ProvisionSvc.Contracts")]
    public void Core_and_contracts_have_no_packages(string project) => Assert.Empty(Repository.References(Project(project), "PackageReference"));

    [Theory]
    [InlineData("Npgsql", "ProvisionSvc")]
    [InlineData("Quartz", "ProvisionSvc")]
    [InlineData("CsvHelper", "ProvisionSvc")]
    [InlineData("SSH.NET", "ProvisionSvc.Devices")]
    [InlineData("YamlDotNet", "ProvisionSvc.Devices")]
    public void A_package_is_at_home_in_one_project(string package, string project) => Assert.Equal(
        [project], Repository.Projects.Where(p => Repository.References(p, "PackageReference").Contains(package)).Select(p => Path.GetFileNameWithoutExtension(p)));

    [Fact]
    public void Ssh_net_is_used_in_the_terminal_only() => AssertHolds(Types.InAssembly(Devices)
        .That().DoNotResideInNamespaceStartingWith("ProvisionSvc.Devices.Terminal").ShouldNot().HaveDependencyOn("Renci.SshNet").GetResult());

    [Fact]
    public void Yaml_is_used_in_the_template_reader_only() => AssertHolds(Types.InAssembly(Devices)
        .That().DoNotResideInNamespaceStartingWith("ProvisionSvc.Devices.Templates").ShouldNot().HaveDependencyOn("YamlDotNet").GetResult());

    [Fact]
    public void The_service_reaches_ssh_and_yaml_through_devices_only() =>
        AssertHolds(Types.InAssembly(Service).ShouldNot().HaveDependencyOnAny("Renci.SshNet", "YamlDotNet").GetResult());

    [Fact]
    public void Core_has_no_clock_no_randomness_and_no_input_or_output() => AssertHolds(Types.InAssembly(Core).ShouldNot().HaveDependencyOnAny(
        "System.TimeProvider", "System.Random", "System.Guid", "System.Security.Cryptography.RandomNumberGenerator", "System.Console", "System.IO", "System.Net",
        "System.Threading", "System.Diagnostics.Process", "System.Diagnostics.Stopwatch", "Microsoft").GetResult());

    [Fact]
    public void Core_snmp_and_contracts_know_nothing_of_the_service()
    {
        foreach (var room in (Assembly[])[Core, Snmp, Contracts, Devices])
        {
            Assert.DoesNotContain(room.GetReferencedAssemblies(), a => a.Name is "ProvisionSvc" or "Npgsql" or "Quartz" || a.Name!.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
        }

        Assert.DoesNotContain(Snmp.GetReferencedAssemblies(), a => a.Name!.StartsWith("ProvisionSvc", StringComparison.Ordinal));
    }

    [Fact]
    public void The_service_shows_no_types_to_the_outside() =>
        Assert.Empty(Service.GetExportedTypes().Where(t => t.Namespace?.StartsWith("ProvisionSvc", StringComparison.Ordinal) == true).Select(t => t.FullName));

    [Fact]
    public void Classes_are_sealed_unless_they_are_made_to_be_derived_from()
    {
        var open = ((Assembly[])[Core, Snmp, Devices, Contracts, Service]).SelectMany(a => a.GetTypes())
            .Where(t => t is { IsClass: true, IsSealed: false, IsAbstract: false } && t.Namespace?.StartsWith("ProvisionSvc", StringComparison.Ordinal) == true
                && !t.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute)))
            .ToList();
        var derived = open.Where(t => open.Concat(t.Assembly.GetTypes()).Any(o => o.BaseType == t)).ToList();
        Assert.Empty(open.Except(derived).Select(t => t.FullName));
    }

    private static string Project(string name) => Repository.Projects.Single(p => Path.GetFileNameWithoutExtension(p) == name);

    private static void AssertHolds(NetArchTest.Rules.TestResult result) => Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
}
