using System.Diagnostics;
using System.Globalization;

namespace ProvisionSvc.Hosting;

/// <summary>The moments of a lane's run between which everything may be lost.</summary>
internal enum Failpoint
{
    /// <summary>The lane is ours, nothing was read.</summary>
    Claimed,

    /// <summary>The item is in progress, nothing was read.</summary>
    Begun,

    /// <summary>The intent of a line is committed, the line was not sent.</summary>
    Journalled,

    /// <summary>The switch has answered, the outcome was not recorded.</summary>
    Answered,

    /// <summary>Everything is proven, nothing is saved.</summary>
    Proven,

    /// <summary>The switch has saved, the items are not finished.</summary>
    Saved,

    /// <summary>The rows of the end are written, not committed.</summary>
    Finishing,

    /// <summary>The end is committed, the lane is still ours.</summary>
    Finished,
}

/// <summary>
/// Places at which a test ends the process with SIGKILL, by chance; off unless the environment variable PROVISION_FAILPOINTS names them:
/// <c>journalled=0.05,answered=0.05</c>. <c>leaseCheck=1</c> switches the lease's checks off, so that a harness can show that it sees what follows.
/// </summary>
internal static class Failpoints
{
    public const string Variable = "PROVISION_FAILPOINTS";
    private const string LeaseCheck = "leaseCheck";
    private static readonly IReadOnlyDictionary<string, double> Chances = Parse(Environment.GetEnvironmentVariable(Variable));

    public static bool AreSet => Chances.Count > 0;

    public static bool IgnoreLease { get; } = Chances.ContainsKey(LeaseCheck);

    public static void Pass(Failpoint point)
    {
        if (AreSet && Chances.TryGetValue(point.ToString(), out var chance) && Random.Shared.NextDouble() < chance)
        {
            using var self = Process.GetCurrentProcess();
            self.Kill();
        }
    }

    /// <exception cref="InvalidOperationException">Something in it is no failpoint or no chance.</exception>
    internal static IReadOnlyDictionary<string, double> Parse(string? text)
    {
        var chances = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var isNamed = part.Split('=') is [var name, var number]
                && double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var chance) && chance is > 0 and <= 1
                && (Enum.TryParse<Failpoint>(name, ignoreCase: true, out _) || string.Equals(name, LeaseCheck, StringComparison.OrdinalIgnoreCase))
                && chances.TryAdd(name, chance);
            if (!isNamed)
            {
                throw new InvalidOperationException(
                    $"{Variable}: \"{part}\" is none of {string.Join(", ", Enum.GetNames<Failpoint>())}, {LeaseCheck} with a chance above 0 and up to 1, each once.");
            }
        }

        return chances;
    }
}
