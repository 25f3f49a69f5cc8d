using System.CommandLine;
using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Output;

/// <summary>How plans are shown: also the way back, and as a difference or as nothing but the lines.</summary>
internal readonly record struct PlanShape(bool IsReversed, bool IsNative)
{
    public static Option<bool> Reverse() => Values.Flag("--reverse", "Show also the plan that would take it back");

    public static Option<bool> Native() => Values.Flag("--native", "Show only the lines the switch would be sent");

    public static PlanShape Of(ParseResult parse, Option<bool> reverse, Option<bool> native) => new(parse.GetValue(reverse), parse.GetValue(native));
}
