using Spectre.Console;

namespace ProvisionSvc.Cli.Output;

/// <summary>What a colour says; without colour the words say it too.</summary>
internal enum Tone
{
    Plain,
    Good,
    Waiting,
    Bad,
    Faint,
    Strong,
}

/// <summary>The colour of a tone, and the tone of a state.</summary>
internal static class Tones
{
    public static Style Style(this Tone tone) => tone switch
    {
        Tone.Good => new(Color.Green),
        Tone.Waiting => new(Color.Yellow),
        Tone.Bad => new(Color.Red),
        Tone.Faint => new(Color.Grey),
        Tone.Strong => new(decoration: Decoration.Bold),
        _ => Spectre.Console.Style.Plain,
    };

    public static Tone OfOrderState(string state) => state switch
    {
        "completed" => Tone.Good,
        "failed" or "partial" or "rejected" => Tone.Bad,
        "held" or "pending" => Tone.Waiting,
        "cancelled" => Tone.Faint,
        _ => Tone.Plain,
    };

    public static Tone OfSwitchMode(string mode) => mode switch
    {
        "manage" => Tone.Good,
        "maintenance" => Tone.Waiting,
        "locked" => Tone.Bad,
        _ => Tone.Plain,
    };

    public static Tone OfReachability(string reachability) => reachability switch
    {
        "reachable" => Tone.Good,
        "unreachable" => Tone.Bad,
        _ => Tone.Faint,
    };

    public static Tone OfSeverity(string severity) => severity switch
    {
        "critical" or "major" => Tone.Bad,
        "minor" or "warning" => Tone.Waiting,
        _ => Tone.Plain,
    };
}
