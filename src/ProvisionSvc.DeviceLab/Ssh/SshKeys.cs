using System.Diagnostics;
using System.Security.Cryptography;

namespace ProvisionSvc.DeviceLab.Ssh;

/// <summary>An OpenSSH key pair in the state folder, made once and kept, so that a lab started again is the same lab.</summary>
internal sealed record SshKey(string PrivateFile, string PublicLine)
{
    public string PublicFile => PrivateFile + ".pub";

    /// <summary>As ssh-keygen -l prints it.</summary>
    public string Sha256 => "SHA256:" + Convert.ToBase64String(SHA256.HashData(Convert.FromBase64String(PublicLine.Split(' ')[1]))).TrimEnd('=');

    public static async Task<SshKey> LoadOrMakeAsync(string file, CancellationToken ct, params string[] type)
    {
        if (!File.Exists(file) || !File.Exists(file + ".pub"))
        {
            File.Delete(file);
            await MakeAsync(file, type.Length == 0 ? ["-t", "ed25519"] : type, ct);
        }

        return new SshKey(file, await File.ReadAllTextAsync(file + ".pub", ct));
    }

    private static async Task MakeAsync(string file, string[] type, CancellationToken ct)
    {
        var start = new ProcessStartInfo("ssh-keygen") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["-q", .. type, "-N", "", "-C", "devicelab", "-f", file]) start.ArgumentList.Add(argument);
        using var process = Tools.Start(start, "openssh-client");
        var error = await process.StandardError.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        if (process.ExitCode != 0) throw new LabException($"ssh-keygen could not make {file}: {error.Trim()}");
    }
}

/// <summary>Programs of Debian packages.</summary>
internal static class Tools
{
    public static Process Start(ProcessStartInfo start, string package)
    {
        try
        {
            return Process.Start(start) ?? throw new LabException($"{start.FileName} did not start.");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new LabException($"{start.FileName} cannot be started ({e.Message}): install the Debian package {package}.", e);
        }
    }

    /// <summary>Where a program lies; null when it is not installed.</summary>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Append("/usr/bin")
            .Where(folder => folder.StartsWith('/')).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
