using ProvisionSvc.Core;

namespace ProvisionSvc.Devices.Terminal;

/// <summary>What may be typed. Anything but printable ASCII could end the line, start another or make the terminal act (T7).</summary>
internal static class Typing
{
    public static void CheckLine(string line, string forbidden)
    {
        foreach (var c in line)
        {
            if (c is < ' ' or > '~')
            {
                throw new ArgumentException($"A line for a device holds the character U+{(int)c:X4}; only printable ASCII may be typed.", nameof(line));
            }

            if (forbidden.Contains(c))
            {
                throw new ArgumentException($"A line for a device holds \"{c}\", which this command line acts on at once.", nameof(line));
            }
        }
    }

    /// <summary>The text behind a dialogue's answer. A secret may hold any letters, but no control characters.</summary>
    public static string Answer(Dialogue dialogue, TerminalLogin login)
    {
        var answer = dialogue.Answer switch
        {
            Dialogue.Password => Reveal(login.Password, "password"),
            Dialogue.EnableSecret => Reveal(login.EnableSecret ?? login.Password, "enable secret"),
            var text => text,
        };
        return answer.Any(char.IsControl) ? throw new ArgumentException("An answer for a device holds a control character.", nameof(dialogue)) : answer;
    }

    private static string Reveal(Secret? secret, string what) =>
        secret?.Reveal() ?? throw new DeviceException(DeviceFault.AuthenticationFailed, $"The device asks for the {what}, and the credential has none.");
}
