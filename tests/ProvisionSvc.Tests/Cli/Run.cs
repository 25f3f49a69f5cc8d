using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Tests.Cli;

/// <summary>One run of the command against a fake service: its exit code and what it wrote.</summary>
internal sealed record Run(int ExitCode, string Out, string Error)
{
    /// <summary>A terminal's width, or null for a run whose output goes to a file.</summary>
    public sealed record With(FakeService Service)
    {
        public int? Width { get; init; }

        public Dictionary<string, string> Environment { get; init; } = [];

        public Func<string, string>? AskSecret { get; init; }

        public ImpatientTime Clock { get; init; } = new();

        public CancellationToken Cancelled { get; init; }

        public async Task<Run> OfAsync(params string[] args)
        {
            var (output, error) = (new StringWriter(), new StringWriter());
            var host = new CommandHost
            {
                Out = output,
                Error = error,
                TerminalWidth = Width,
                IsErrorTerminal = Width is not null,
                Environment = name => Environment.GetValueOrDefault(name),
                Http = _ => Service,
                AskSecret = AskSecret,
                Clock = Clock,
                NewId = () => Guid.Empty,
            };
            var exit = await ProvisionCommand.RunAsync(args, host, Cancelled);
            return new(exit, WithoutPadding(output.ToString()), WithoutPadding(error.ToString()));
        }
    }

    public static Task<Run> OfAsync(FakeService service, params string[] args) => new With(service).OfAsync(args);

    // Cells of the last column are padded; the approved texts are not.
    private static string WithoutPadding(string text) => string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd()));
}
