using System.Reflection;
using NetArchTest.Rules;

namespace ProvisionSvc.Tests.Architecture;

/// <summary>Slices do not call each other. They share Core functions, database rows and wake-ups; the doors are named here, each with its reason.</summary>
public sealed class SliceTests
{
    private static readonly Assembly Service = typeof(Hosting.Roles).Assembly;

    /// <summary>Not slices: what all of them stand on.</summary>
    private static readonly string[] Ground = ["Hosting", "Database"];

    private static readonly string[] Doors =
    [
        // Whoever wants a port changed places an order.
        "ProvisionSvc.Orders.PlaceOrder", "ProvisionSvc.Orders.PlaceOutcome", "ProvisionSvc.Orders.ParseOrder", "ProvisionSvc.Orders.OrderDraft", "ProvisionSvc.Orders.OrderViews",

        // A wake-up after the commit.
        "ProvisionSvc.Lanes.LanePoke",

        // What is paused, frozen or outside its window now: asked by the door and by the lanes.
        "ProvisionSvc.Scheduling.CurrentTimetable", "ProvisionSvc.Scheduling.StoppedException", "ProvisionSvc.Scheduling.SchedulingOptions",

        // Who only reads a switch borrows its lane, so that nobody stands beside a session that writes.
        "ProvisionSvc.Lanes.BorrowLane", "ProvisionSvc.Lanes.BorrowedLane", "ProvisionSvc.Lanes.LeaseLostException",

        // A session that wrote shows the configuration before it ends; the archive keeps it.
        "ProvisionSvc.Configurations.KeepConfiguration", "ProvisionSvc.Configurations.SwitchRef",

        // Secrets are opened by the slice that keeps them, nobody else.
        "ProvisionSvc.Credentials.CredentialStore", "ProvisionSvc.Credentials.OpenedCredential", "ProvisionSvc.Credentials.CredentialProblem",

        // One key seals every secret; each slice seals and opens its own.
        "ProvisionSvc.Credentials.CredentialKeys",
    ];

    public static TheoryData<string> Slices => [.. Service.GetTypes().Select(t => Slice(t)).OfType<string>().Except(Ground).Distinct().Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Slices))]
    public void A_slice_calls_no_other_but_by_a_door(string slice)
    {
        // The clock's table of contents names the jobs of all slices, as Hosting names their endpoints.
        if (slice != "Scheduling")
        {
            Assert.Empty(Callers(slice, Doors));
        }
    }

    [Fact]
    public void A_call_that_is_no_door_would_be_seen() => Assert.Contains("ProvisionSvc.Dunning.BillingEvents", Callers("Dunning", []));

    [Fact]
    public void The_database_room_knows_no_slice()
    {
        var slices = Service.GetTypes().Where(t => Slice(t) is { } s && !Ground.Contains(s) && !t.IsNested).Select(t => t.FullName!).ToArray();
        var result = Types.InAssembly(Service).That().ResideInNamespaceStartingWith("ProvisionSvc.Database").ShouldNot().HaveDependencyOnAny(slices).GetResult();
        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
    }

    [Fact]
    public void Every_door_leads_somewhere() => Assert.All(Doors, d => Assert.NotNull(Service.GetType(d)));

    /// <summary>The slice's types that know a type of another slice, other than these.</summary>
    private static IReadOnlyList<string> Callers(string slice, string[] doors)
    {
        var forbidden = Service.GetTypes()
            .Where(t => Slice(t) is { } other && other != slice && !Ground.Contains(other) && !t.IsNested)
            .Select(t => t.FullName!)
            .Where(n => !doors.Contains(n))
            .ToArray();
        return [.. Types.InAssembly(Service).That().ResideInNamespaceStartingWith($"ProvisionSvc.{slice}").ShouldNot().HaveDependencyOnAny(forbidden).GetResult().FailingTypeNames ?? []];
    }

    private static string? Slice(Type type) => type.Namespace is { } n && n.StartsWith("ProvisionSvc.", StringComparison.Ordinal) ? n.Split('.')[1] : null;
}
