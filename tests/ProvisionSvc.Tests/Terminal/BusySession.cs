using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Devices.Terminal;

namespace ProvisionSvc.Tests.Terminal;

/// <summary>What came of the lines of one session.</summary>
internal sealed record SessionCount(int Answers, int Wrong, int Doubts);

/// <summary>Asks and configures at random, as a lane would: a line that is refused, or whose outcome nobody knows, is the session's last.</summary>
internal static class BusySession
{
    private const int Steps = 8;

    public static async Task<SessionCount> RunAsync(ITerminalSession terminal, LoadedTemplate template, Random random, CancellationToken ct)
    {
        await using var session = new SwitchSession(terminal, template, () => { });
        var (answers, wrong) = (0, 0);
        for (var step = 0; step < Steps; step++)
        {
            LineResult result;
            if (random.Next(2) == 0)
            {
                result = await terminal.SendAsync($"display {step}", ct);
                wrong += result is not LineResult.Unknown && !HasOwnToken(result.Output, step) ? 1 : 0;
            }
            else
            {
                var number = random.Next(1, 5);
                var port = new PortName("sw-12", $"GigabitEthernet0/0/{number}");
                result = await session.MoveToAsync(LineScope.Port, port, ct) ?? await session.TypeAsync($"description C-{number}-{step}", ct);
                wrong += HasToken(result.Output) ? 1 : 0;
            }

            if (result is not LineResult.Confirmed)
            {
                return new(answers, wrong, result is LineResult.Unknown ? 1 : 0);
            }

            answers++;
        }

        return new(answers, wrong, 0);
    }

    private static bool HasToken(string output) => output.StartsWith("token ", StringComparison.Ordinal) || output.Contains("\ntoken ", StringComparison.Ordinal);

    private static bool HasOwnToken(string output, int step) =>
        output.Split('\n').Where(l => l.StartsWith("token ", StringComparison.Ordinal)).SequenceEqual([$"token {step}"]);
}
