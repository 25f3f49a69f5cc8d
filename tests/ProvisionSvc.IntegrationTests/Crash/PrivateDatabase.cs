using System.Diagnostics;
using Npgsql;

namespace ProvisionSvc.IntegrationTests.Crash;

/// <summary>The private PostgreSQL of a service in a process of its own, looked at from outside.</summary>
internal static class PrivateDatabase
{
    /// <summary>A temporary folder through which the user that PostgreSQL runs as gets to its own.</summary>
    public static DirectoryInfo CreateFolder()
    {
        var folder = Directory.CreateTempSubdirectory("prv-crash-");
        File.SetUnixFileMode(folder.FullName, File.GetUnixFileMode(folder.FullName) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return folder;
    }

    public static string Of(string stateDirectory, string user) => new NpgsqlConnectionStringBuilder
    {
        Host = Path.Combine(stateDirectory, "postgres", "run"), Username = user, Database = "provision", Pooling = false,
    }.ConnectionString;

    public static string LogOf(string stateDirectory) => Path.Combine(stateDirectory, "postgres", "postgres.log");

    /// <summary>The postmaster; null when its file is gone.</summary>
    public static int? PostmasterOf(string postgresDirectory)
    {
        var file = Path.Combine(postgresDirectory, "data", "postmaster.pid");
        return File.Exists(file) ? int.Parse(File.ReadLines(file).First()) : null;
    }

    /// <summary>A process with everything that it started, by <c>/proc</c>.</summary>
    public static IReadOnlyList<int> TreeOf(int root)
    {
        var parents = Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(n => int.TryParse(n, out _)).Select(n => int.Parse(n!))
            .Select(pid => (Pid: pid, Parent: ParentOf(pid))).ToLookup(p => p.Parent, p => p.Pid);
        var tree = new List<int> { root };
        for (var i = 0; i < tree.Count; i++)
        {
            tree.AddRange(parents[tree[i]]);
        }

        return tree;
    }

    public static bool IsAlive(int pid) => File.Exists($"/proc/{pid}/stat") && StateOf(pid) is not ("Z" or "X" or null);

    public static void Signal(int pid, string signal)
    {
        using var kill = Process.Start("sh", ["-c", $"kill -{signal} {pid}"]);
        kill.WaitForExit();
    }

    private static int ParentOf(int pid) => StatOf(pid) is [_, var parent, ..] ? int.Parse(parent) : 0;

    private static string? StateOf(int pid) => StatOf(pid) is [var state, ..] ? state : null;

    /// <summary>The fields behind the name, which may hold blanks itself; empty when the process has just ended.</summary>
    private static string[] StatOf(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return [];
        }
    }
}
