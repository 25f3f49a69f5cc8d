using ProvisionSvc.Core.Inventory;

namespace ProvisionSvc.Core.Plans;

/// <summary>Disagreement between intent and reading, by what it means for the business.</summary>
public enum DriftClass
{
    LitWithoutService,
    ServiceButDark,
    SuspendedButLit,
    WrongMode,
    WrongVlan,
    WrongRate,
    WrongAlias,
    PortMissing,
}

/// <summary>One finding on one port.</summary>
public sealed record Drift(DriftClass Class, string? Expected, string? Seen);

/// <summary>Names what differs between what a managed port should show and what a sweep saw.</summary>
public static class ClassifyDrift
{
    /// <summary>The findings on a managed port; empty when they agree. Fields that were not read are not judged.</summary>
    /// <param name="carriesService">True when an attachment stands on the port.</param>
    public static IReadOnlyList<Drift> For(IReadOnlyDictionary<IntentField, string?> expected, PortReading reading, bool carriesService) =>
        [.. Compare.Differences(expected, reading)
            .Select(d => new Drift(Class(d, carriesService), d.Expected, d.Seen))
            .DistinctBy(d => d.Class)];

    private static DriftClass Class(FieldDifference difference, bool carriesService) => difference.Field switch
    {
        IntentField.Mode => DriftClass.WrongMode,
        IntentField.AccessVlan or IntentField.AllowedVlans or IntentField.NativeVlan => DriftClass.WrongVlan,
        IntentField.RateDown or IntentField.RateUp => DriftClass.WrongRate,
        IntentField.Alias => DriftClass.WrongAlias,
        _ when difference.Expected == "up" => DriftClass.ServiceButDark,
        _ => carriesService ? DriftClass.SuspendedButLit : DriftClass.LitWithoutService,
    };
}
