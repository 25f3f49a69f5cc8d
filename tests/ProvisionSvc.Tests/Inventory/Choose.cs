using CsCheck;

namespace ProvisionSvc.Tests.Inventory;

internal static class Choose
{
    /// <summary>One of these values, each as likely as the other.</summary>
    public static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
