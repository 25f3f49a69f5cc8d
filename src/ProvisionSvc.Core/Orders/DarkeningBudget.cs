namespace ProvisionSvc.Core.Orders;

/// <summary>How many lit ports may be darkened, over all clients together; what exceeds it waits for a second person.</summary>
/// <param name="PerHour">Items an hour over everything.</param>
/// <param name="PerBuilding">Items an hour in one building.</param>
public sealed record DarkeningBudget(int PerHour = 30, int PerBuilding = 3)
{
    /// <summary>Null when the items fit, else the sentence that says which limit they exceed.</summary>
    /// <param name="spentInHour">Darkening items accepted within the last hour.</param>
    /// <param name="spentInBuilding">Those of them in the same building.</param>
    public string? Exceeded(int spentInHour, int spentInBuilding, int more, string building) =>
        spentInHour + more > PerHour ? $"{spentInHour} ports were darkened within the hour; {more} more exceed the budget of {PerHour}."
        : spentInBuilding + more > PerBuilding ? $"{spentInBuilding} ports of {building} were darkened within the hour; {more} more exceed its budget of {PerBuilding}."
        : null;
}

/// <summary>When a failed attempt is tried again.</summary>
public static class Backoff
{
    /// <summary>5 s doubled per attempt, 5 minutes at most, spread by <paramref name="spread"/> (0..1) so that a building does not come back all at once.</summary>
    public static TimeSpan After(int attempts, double spread) =>
        TimeSpan.FromSeconds(Math.Min(300, 5 * Math.Pow(2, Math.Clamp(attempts - 1, 0, 10))) * (0.75 + (0.5 * spread)));
}
