using System.CommandLine;
using ProvisionSvc.DeviceLab.Faults;

namespace ProvisionSvc.DeviceLab;

/// <summary><c>devicelab tell</c> and <c>devicelab state</c>: orders to a lab that runs in another process.</summary>
internal static class TellCommand
{
    public static Command Tell()
    {
        var control = ControlOption();
        var words = new Argument<string[]>("words") { Description = ControlWords.Usage, Arity = ArgumentArity.OneOrMore };
        var command = new Command("tell", "Tell a switch to misbehave, or change a port behind the service's back.") { control, words };
        command.SetAction((parsed, ct) => SendAsync(parsed.GetRequiredValue(control), ["tell", .. parsed.GetRequiredValue(words)], ct));
        return command;
    }

    public static Command State()
    {
        var control = ControlOption();
        var words = new Argument<string[]>("words") { Description = "SWITCH [IFNAME]", Arity = new ArgumentArity(1, 2) };
        var command = new Command("state", "Show a switch or one port as it truly is, as JSON.") { control, words };
        command.SetAction((parsed, ct) => SendAsync(parsed.GetRequiredValue(control), ["state", .. parsed.GetRequiredValue(words)], ct));
        return command;
    }

    private static Option<string> ControlOption() => new("--control") { Required = true, Description = "The lab's control socket, named in its ready line" };

    private static async Task<int> SendAsync(string socket, string[] words, CancellationToken ct)
    {
        try
        {
            var (ok, answer) = await ControlSocket.SendAsync(socket, words, ct);
            await (ok ? Console.Out : Console.Error).WriteLineAsync(answer);
            return ok ? 0 : 1;
        }
        catch (LabException e)
        {
            return await RunCommand.ComplainAsync(e.Message);
        }
    }
}
