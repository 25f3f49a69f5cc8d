using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace ProvisionSvc.Cli.Running;

/// <summary>The library's help, then the command's examples and exit codes.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    // --help may stand beside an incomplete command line.
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        help.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is UseCase { Examples: var examples })
        {
            output.WriteLine(examples.Count == 1 ? "Example:" : "Examples:");
            foreach (var example in examples)
            {
                output.WriteLine($"  provision {example}");
            }

            output.WriteLine();
        }

        output.WriteLine("Exit codes: 0 done, 1 error, 2 changes pending.");
        return ExitCode.Done;
    }
}
