using ProvisionSvc.Cli.Api;
using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Switches;

/// <summary><c>switch trust</c>: shows the SSH host key a switch presents, and records it when a person says that it is the right one.</summary>
internal static class TrustSwitch
{
    public static UseCase Create()
    {
        var name = Values.Name("SWITCH", "Name of the switch");
        var fingerprint = Values.Text("--fingerprint", "SHA256:…", "Record the key if the switch shows exactly this one (compare it at the console port)");
        var yes = Values.Flag("--yes", "Record the key that is shown now; only on a network that nobody else can speak on");
        return new UseCase(
            "trust", "Show a switch's SSH host key, or record it as trusted; exit code 2 when the shown key is not the trusted one",
            ["switch trust sw-3", "switch trust sw-3 --fingerprint SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8"], [name, fingerprint, yes],
            async (parse, session, ct) =>
            {
                var (given, isYes) = (parse.GetValue(fingerprint), parse.GetValue(yes));
                if (given is not null && isYes)
                {
                    throw new UsageException("--fingerprint and --yes are two ways to say it: give one of them.");
                }

                return await RunAsync(session, parse.GetRequiredValue(name), given, isYes, ct);
            });
    }

    private static async Task<int> RunAsync(Session session, string name, string? fingerprint, bool yes, CancellationToken ct)
    {
        var key = await session.Api.TrustSwitchAsync(name, fingerprint, ct);
        if (yes && key.Value.Shown != key.Value.Trusted)
        {
            Show(session.Notes, key.Value);
            key = await session.Api.TrustSwitchAsync(name, key.Value.Shown, ct);
        }

        session.Show(key, view => Show(session.Screen, view));
        if (key.Value.Shown == key.Value.Trusted)
        {
            return ExitCode.Done;
        }

        session.Notes.Line(
            ($"if that is the switch's own key: provision switch trust {name} --fingerprint {key.Value.Shown}",
             $"如确为该交换机的密钥：provision switch trust {name} --fingerprint {key.Value.Shown}"));
        return ExitCode.ChangesPending;
    }

    private static void Show(Screen screen, HostKeyView key)
    {
        var same = key.Shown == key.Trusted;
        screen.Fields(
            new(("switch", "交换机"), key.Switch, Tone.Strong),
            new(("shown", "当前密钥"), key.Shown, same ? Tone.Good : Tone.Waiting),
            new(("trusted", "受信密钥"), key.Trusted ?? screen.Say(("none", "无")), same ? Tone.Good : Tone.Plain));
        if (key is { Trusted: not null, Changed: true } && !same)
        {
            screen.Line(
                ("The key is NOT the trusted one: the switch was replaced, or something stands between.", "密钥与受信密钥不符：交换机已更换，或有中间人。"), Tone.Bad);
        }
    }
}
