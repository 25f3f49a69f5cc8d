using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using ProvisionSvc.DeviceLab;
using ProvisionSvc.DeviceLab.Switches;

namespace ProvisionSvc.IntegrationTests.DeviceLab;

/// <summary>OpenSSH's client on one switch's terminal, with a terminal of its own as a person has.</summary>
internal sealed class SshClient : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _unread = new();

    public SshClient(LabHost lab, SimSwitch device) => _process = Process.Start(new ProcessStartInfo("ssh", [.. Options(lab), "-tt", "-q", $"{lab.User}@{device.Address}"])
    {
        RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false,
    })!;

    public static IReadOnlyList<string> Options(LabHost lab) =>
    [
        "-F", "none", "-i", lab.PrivateKeyFile, "-p", $"{lab.SshPort}", "-o", "IdentitiesOnly=yes", "-o", "StrictHostKeyChecking=no",
        "-o", "UserKnownHostsFile=/dev/null",
    ];

    public async Task TypeAsync(string text, CancellationToken ct)
    {
        await _process.StandardInput.WriteAsync(text.AsMemory(), ct);
        await _process.StandardInput.FlushAsync(ct);
    }

    /// <summary>Everything up to where the text read so far ends in the pattern.</summary>
    public async Task<string> ReadToAsync(string pattern, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        var buffer = new char[4096];
        while (true)
        {
            var text = _unread.ToString();
            if (Regex.IsMatch(text, pattern, RegexOptions.None, TimeSpan.FromSeconds(1)))
            {
                _unread.Clear();
                return text;
            }

            var read = await _process.StandardOutput.ReadAsync(buffer, patience.Token);
            if (read == 0) throw new EndOfStreamException($"ssh ended after: {text}");
            _unread.Append(buffer, 0, read);
        }
    }

    public async Task<int> ExitAsync(CancellationToken ct)
    {
        await _process.StandardOutput.ReadToEndAsync(ct);
        await _process.WaitForExitAsync(ct);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
