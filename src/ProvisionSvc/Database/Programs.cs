using System.Diagnostics;

namespace ProvisionSvc.Database;

/// <summary>Starts the programs of a PostgreSQL installation, as another user where we are root.</summary>
internal static class Programs
{
    public static Process Start(string? user, string directory, string file, params string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = directory, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (user is not null)
        {
            start.UserName = user;
        }

        return Process.Start(start) ?? throw new InvalidOperationException($"{file} could not be started.");
    }

    /// <summary>Runs to the end and returns what was printed.</summary>
    /// <exception cref="InvalidOperationException">It ended with another code than 0; the message holds its words.</exception>
    public static async Task<string> RunAsync(string? user, string directory, string file, string[] arguments, CancellationToken ct)
    {
        using var process = Start(user, directory, file, arguments);
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var error = process.StandardError.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"{file} {string.Join(' ', arguments)} failed: {(await error).Trim()} {(await output).Trim()}");
    }
}
