using System.CommandLine;
using System.CommandLine.Help;
using ProvisionSvc.Cli.Api;
using ProvisionSvc.Cli.Output;

namespace ProvisionSvc.Cli.Running;

/// <summary>The root of the command: nouns, then verbs. Every failure ends here as one clear line on the error stream.</summary>
internal static class ProvisionCommand
{
    // An @ at the start of a value is a value ("--why @noc"), not a file of further arguments.
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    public static async Task<int> RunAsync(IReadOnlyList<string> args, CommandHost host, CancellationToken ct)
    {
        var options = new GlobalOptions();
        var parse = CreateRoot(options, host).Parse(args, Parsing);
        var language = options.ReadLanguage(parse, host);
        var errors = new Screen(host.Error, terminalWidth: null, host.AllowsColour(host.IsErrorTerminal), language, host.Clock);
        if (parse.Errors.Count > 0 && parse.Action is { ClearsParseErrors: false })
        {
            return Misspelled(parse, errors);
        }

        try
        {
            return await parse.InvokeAsync(
                new InvocationConfiguration { Output = host.Out, Error = host.Error, EnableDefaultExceptionHandler = false }, ct);
        }
        catch (ApiException e)
        {
            errors.Line($"provision: {e.Message}", Tone.Bad);
            // A problem with one fault has that fault as its title.
            foreach (var fault in e.Faults.Where(f => f.Field.Length > 0 || !e.Message.Contains(f.Message, StringComparison.Ordinal)))
            {
                errors.Line(fault.Field.Length == 0 ? $"  {fault.Message} ({fault.Code})" : $"  {fault.Field}  {fault.Message} ({fault.Code})");
            }

            return ExitCode.Error;
        }
        catch (UsageException e)
        {
            errors.Line($"provision: {e.Message}", Tone.Bad);
            return ExitCode.Error;
        }
        catch (OperationCanceledException)
        {
            errors.Line(("provision: interrupted", "provision：已中断"), Tone.Waiting);
            return ExitCode.Interrupted;
        }
    }

    private static RootCommand CreateRoot(GlobalOptions options, CommandHost host)
    {
        var root = new RootCommand("Lights, darkens and watches customer ports, through the ProvisionSvc API.");
        options.AddTo(root);
        foreach (var noun in Nouns.All())
        {
            root.Add(noun);
        }

        foreach (var useCase in root.Subcommands.SelectMany(c => c is UseCase ? [c] : c.Subcommands.AsEnumerable()).OfType<UseCase>())
        {
            useCase.Open = parse => Open(parse, options, host);
        }

        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples(new HelpAction { MaxWidth = Math.Max(host.TerminalWidth ?? 100, Screen.LeastWidth) });
        return root;
    }

    private static Session Open(ParseResult parse, GlobalOptions options, CommandHost host)
    {
        var language = options.ReadLanguage(parse, host);
        var url = options.ReadUrl(parse, host);
        var token = options.ReadToken(parse, host, url);
        // The deadline of each request is ApiConnection's; the process ends with the command, and the client with it.
        var http = new HttpClient(host.Http(url)) { Timeout = Timeout.InfiniteTimeSpan };
        var json = parse.GetValue(options.Output) == "json";
        var screen = new Screen(host.Out, host.TerminalWidth, host.AllowsColour(host.TerminalWidth is not null), language, host.Clock);
        var notes = json ? new Screen(host.Error, terminalWidth: null, host.AllowsColour(host.IsErrorTerminal), language, host.Clock) : screen;
        return new(host, new ApiClient(new ApiConnection(http, url, token, language, host.Clock)), screen, notes, json);
    }

    private static int Misspelled(ParseResult parse, Screen errors)
    {
        foreach (var error in parse.Errors)
        {
            errors.Line($"provision: {error.Message}", Tone.Bad);
        }

        var command = parse.CommandResult.Command;
        if (command.Subcommands.Count > 0)
        {
            errors.Line($"  {string.Join(", ", command.Subcommands.Select(c => c.Name))}");
        }

        errors.Line(($"See {PathOf(command)} --help", $"请参阅 {PathOf(command)} --help"));
        return ExitCode.Error;
    }

    private static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{PathOf(parent)} {command.Name}" : "provision";
}
