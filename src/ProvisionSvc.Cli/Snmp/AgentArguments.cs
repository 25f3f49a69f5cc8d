using System.CommandLine;

namespace ProvisionSvc.Cli.Snmp;

/// <summary>What the commands that read an agent take.</summary>
internal static class AgentArguments
{
    public static Argument<string[]> Several(string placeholder, string description) =>
        new(placeholder) { Description = description, Arity = ArgumentArity.OneOrMore };

    public static Option<int?> MaxRows() => new("--max-rows") { HelpName = "N", Description = "Stop after so many; the reading is then incomplete" };
}
