namespace ProvisionSvc.IntegrationTests.Terminal;

/// <summary>The kernel's own list of connections.</summary>
internal static class Connections
{
    /// <summary>Whether our end on this port is still there after a while.</summary>
    public static async Task<bool> IsOpenAsync(int localPort, CancellationToken ct)
    {
        var port = $":{localPort:X4}";
        for (var wait = 0; wait < 40; wait++)
        {
            var lines = await File.ReadAllLinesAsync("/proc/net/tcp", ct);
            var lines6 = await File.ReadAllLinesAsync("/proc/net/tcp6", ct);
            if (!lines.Concat(lines6).Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Any(f => f[1].EndsWith(port, StringComparison.Ordinal) && f[3] == "01"))
            {
                return false;
            }

            await Task.Delay(50, ct);
        }

        return true;
    }
}
