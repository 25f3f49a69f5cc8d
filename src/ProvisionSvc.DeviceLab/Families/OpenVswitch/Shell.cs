using System.Text;
using ProvisionSvc.DeviceLab.Terminal;

namespace ProvisionSvc.DeviceLab.Families;

/// <summary>What a program printed, and its exit status.</summary>
internal readonly record struct Ran(IReadOnlyList<string> Output, int Status)
{
    public static Ran Ok(params IReadOnlyList<string> output) => new(output, 0);

    public static Ran Failed(int status, params IReadOnlyList<string> output) => new(output, status);
}

/// <summary>As much of a POSIX shell as a session types: quotes, variables, <c>$(…)</c>, <c>$((a/b))</c>, <c>&amp;&amp;</c>.</summary>
internal static class Shell
{
    public static Ran Run(CommandContext context, string line)
    {
        var output = new List<string>();
        var last = Ran.Ok();
        foreach (var command in Commands(line))
        {
            last = One(context, command);
            output.AddRange(last.Output);
            context.State.Variables["?"] = $"{last.Status}";
            if (last.Status != 0) break;
        }

        return new(output, last.Status);
    }

    /// <summary>The commands between <c>&amp;&amp;</c> that stand in no quotes and no parentheses.</summary>
    private static IEnumerable<string> Commands(string line)
    {
        var (start, depth, quote) = (0, 0, '\0');
        for (var i = 0; i < line.Length; i++)
        {
            if (quote != '\0') quote = line[i] == quote ? '\0' : quote;
            else if (line[i] is '\'' or '"') quote = line[i];
            else if (line[i] == '(') depth++;
            else if (line[i] == ')') depth--;
            else if (depth == 0 && line.AsSpan(i).StartsWith("&&"))
            {
                yield return line[start..i];
                start = ++i + 1;
            }
        }

        yield return line[start..];
    }

    private static Ran One(CommandContext context, string command)
    {
        var (words, status) = Words(context, command);
        var assignments = words.TakeWhile(w => w.IndexOf('=') is > 0 and var at && w[..at].All(char.IsAsciiLetterOrDigit)).ToList();
        var rest = words.Skip(assignments.Count).ToArray();
        if (rest.Length == 0)
        {
            foreach (var assignment in assignments) context.State.Variables[assignment[..assignment.IndexOf('=')]] = assignment[(assignment.IndexOf('=') + 1)..];

            // The exit status of an assignment is that of the command in it, whose words went to the terminal.
            return status;
        }

        switch (rest[0])
        {
            case "ip":
                return IpLink.Run(context, rest[1..]);
            case "ovs-vsctl":
                return OvsVsctl.Run(context, rest[1..]);
            case "ovs-ofctl":
                return OvsOfctl.Run(context, rest[1..]);
            case "true":
                return Ran.Ok();
            case "exit":
                context.State.IsOver = true;
                return Ran.Ok();
            default:
                return Ran.Failed(127, $"-dash: 1: {rest[0]}: not found");
        }
    }

    /// <summary>The words of a command with everything put in, and what the last command substitution ended with.</summary>
    private static (List<string> Words, Ran Status) Words(CommandContext context, string command)
    {
        var words = new List<string>();
        var word = default(StringBuilder);
        var status = Ran.Ok();
        var quote = '\0';
        for (var i = 0; i < command.Length; i++)
        {
            var c = command[i];
            if (c == quote && quote != '\0') quote = '\0';
            else if (quote == '\0' && c is '\'' or '"' && quote == '\0')
            {
                quote = c;
                word ??= new();
            }
            else if (c == ' ' && quote == '\0')
            {
                if (word is not null) words.Add(word.ToString());
                word = null;
            }
            else if (c == '$' && quote != '\'' && i + 1 < command.Length) (word ??= new()).Append(Expand(context, command, ref i, ref status));
            else (word ??= new()).Append(c);
        }

        if (word is not null) words.Add(word.ToString());
        return (words, status);
    }

    private static string Expand(CommandContext context, string text, ref int at, ref Ran status)
    {
        if (text.AsSpan(at).StartsWith("$(("))
        {
            var end = text.IndexOf("))", at, StringComparison.Ordinal);
            var (from, to) = (at + 3, end);
            at = end + 1;
            return text[from..to].Split('/') is [var a, var b] && long.TryParse(a, out var dividend) && long.TryParse(b, out var divisor) && divisor != 0 ? $"{dividend / divisor}" : "0";
        }

        if (text[at + 1] == '(')
        {
            var end = text.IndexOf(')', at);
            var inner = Run(context, text[(at + 2)..end]);
            at = end;
            status = inner.Status == 0 ? Ran.Ok() : inner;
            return inner.Status == 0 ? string.Join(' ', inner.Output) : "";
        }

        var name = text[at + 1] == '?' ? "?" : new string([.. text.Skip(at + 1).TakeWhile(char.IsAsciiLetterOrDigit)]);
        at += name.Length;
        return name.Length == 0 ? "$" : context.State.Variables.GetValueOrDefault(name, "");
    }
}
