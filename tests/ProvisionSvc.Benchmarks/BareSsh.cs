using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using ProvisionSvc.Devices.Terminal;
using Renci.SshNet;

namespace ProvisionSvc.Benchmarks;

/// <summary>
/// The same lines by SSH.NET alone, as its documentation shows it: a shell stream, write a line, expect a prompt. curve25519 goes first; otherwise as shipped.
/// Any host key is taken, nothing is bounded or compared: the floor that our care is measured against.
/// </summary>
internal sealed partial class BareSsh(TerminalEndpoint endpoint)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly Regex Prompt = PromptPattern();
    private static readonly Regex Question = QuestionPattern();

    public Task<TimeSpan> RunAsync(CancellationToken ct) => Task.Factory.StartNew(Run, ct, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private TimeSpan Run()
    {
        var since = Stopwatch.GetTimestamp();
        using var key = new PrivateKeyFile(new MemoryStream(Encoding.ASCII.GetBytes(endpoint.Login.PrivateKey!.Reveal())));
        using var method = new PrivateKeyAuthenticationMethod(endpoint.Login.User, key);
        var connection = new ConnectionInfo(endpoint.Address.ToString(), endpoint.Port, endpoint.Login.User, method) { Timeout = Patience };
        PutFirst(connection.KeyExchangeAlgorithms, "curve25519-sha256");
        using var client = new SshClient(connection);
        client.Connect();
        using var shell = client.CreateShellStream("vt100", 511, 1000, 0, 0, 16 * 1024);
        Expect(shell, Prompt);
        Type(shell, "screen-length 0 temporary");
        Type(shell, "undo terminal monitor");
        var opened = Stopwatch.GetElapsedTime(since);
        Type(shell, "system-view");
        Type(shell, $"interface {SshRun.IfName}");
        foreach (var line in SshRun.Lines)
        {
            Type(shell, line);
        }

        Type(shell, "quit");
        Type(shell, "return");
        shell.WriteLine("save");
        Expect(shell, Question);
        var saved = Type(shell, "y");
        if (!saved.Contains("successfully", StringComparison.Ordinal))
        {
            throw new InvalidOperationException("Not saved: " + saved);
        }

        Type(shell, "return");
        shell.WriteLine("quit");
        return opened;
    }

    private static string Type(ShellStream shell, string line)
    {
        shell.WriteLine(line);
        return Expect(shell, Prompt);
    }

    private static string Expect(ShellStream shell, Regex pattern) =>
        shell.Expect(pattern, Patience) ?? throw new TimeoutException($"{pattern} did not come.");

    private static void PutFirst<T>(IDictionary<string, T> offered, string first)
    {
        var all = offered.ToList();
        offered.Clear();
        foreach (var (name, value) in all.OrderBy(a => a.Key == first ? 0 : 1))
        {
            offered.Add(name, value);
        }
    }

    [GeneratedRegex(@"(?:<SW0001>|\[SW0001[^\]\s]*\])$")]
    private static partial Regex PromptPattern();

    [GeneratedRegex(@"\[Y/N\]$")]
    private static partial Regex QuestionPattern();
}
