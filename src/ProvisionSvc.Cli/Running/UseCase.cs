using System.CommandLine;

namespace ProvisionSvc.Cli.Running;

/// <summary>A command that does something: it has examples, and a run that gets a <see cref="Session"/>.</summary>
internal sealed class UseCase : Command
{
    private readonly Func<ParseResult, Session, CancellationToken, Task<int>> _run;

    public UseCase(
        string name, string description, IReadOnlyList<string> examples, IEnumerable<Symbol> symbols,
        Func<ParseResult, Session, CancellationToken, Task<int>> run)
        : base(name, description)
    {
        Examples = examples;
        _run = run;
        foreach (var symbol in symbols)
        {
            switch (symbol)
            {
                case Argument argument: Add(argument); break;
                case Option option: Add(option); break;
                default: throw new ArgumentException($"{symbol.Name} is neither an argument nor an option.", nameof(symbols));
            }
        }

        // Opened only when a command really runs: help and errors need neither a token nor an address.
        SetAction((parse, ct) => RunAsync(parse, ct));
    }

    public IReadOnlyList<string> Examples { get; }

    /// <summary>Set by the root, which knows the options and the host.</summary>
    public Func<ParseResult, Session>? Open { get; set; }

    private Task<int> RunAsync(ParseResult parse, CancellationToken ct) =>
        _run(parse, (Open ?? throw new InvalidOperationException($"{Name} was not added to the root command."))(parse), ct);
}
