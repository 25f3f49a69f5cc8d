using System.Net;

namespace ProvisionSvc.Cli.Running;

/// <summary>The world around one run: streams, terminal, environment, clock and the way to the service.</summary>
internal sealed record CommandHost
{
    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Columns of the terminal that shows the output; null where it goes to a file or another program.</summary>
    public int? TerminalWidth { get; init; }

    public bool IsErrorTerminal { get; init; }

    public required Func<string, string?> Environment { get; init; }

    public required Func<Uri, HttpMessageHandler> Http { get; init; }

    /// <summary>Asks a person for a secret without showing it; null where nobody sits there.</summary>
    public Func<string, string>? AskSecret { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public Func<Guid> NewId { get; init; } = Guid.CreateVersion7;

    /// <summary>The world of this process.</summary>
    public static CommandHost OfProcess() => new()
    {
        Out = Console.Out,
        Error = Console.Error,
        TerminalWidth = Console.IsOutputRedirected ? null : Console.WindowWidth,
        IsErrorTerminal = !Console.IsErrorRedirected,
        Environment = System.Environment.GetEnvironmentVariable,
        Http = CreateHandler,
        AskSecret = Console.IsInputRedirected || Console.IsErrorRedirected ? null : AskOnTerminal,
    };

    /// <summary>NO_COLOR (no-color.org) and terminals that cannot.</summary>
    public bool AllowsColour(bool isTerminal) =>
        isTerminal && string.IsNullOrEmpty(Environment("NO_COLOR")) && Environment("TERM") is not "dumb";

    private static SocketsHttpHandler CreateHandler(Uri url) => new()
    {
        // A redirect could carry the token, or a changed method, to another host.
        AllowAutoRedirect = false,
        // http_proxy is meant for the world outside: the service on this machine is asked directly.
        UseProxy = !url.IsLoopback,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        AutomaticDecompression = DecompressionMethods.All,
    };

    private static string AskOnTerminal(string what)
    {
        Console.Error.Write($"{what}: ");
        var secret = new List<char>();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key != ConsoleKey.Backspace)
            {
                secret.Add(key.KeyChar);
            }
            else if (secret.Count > 0)
            {
                secret.RemoveAt(secret.Count - 1);
            }
        }

        Console.Error.WriteLine();
        return new string([.. secret]);
    }
}
