using System.CommandLine;
using ProvisionSvc.Cli.Api;
using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Credentials;

/// <summary>Where one secret comes from: a file, a variable or a person's answer, never an argument, which every user of the machine can read in ps.</summary>
internal sealed class SecretSource
{
    private readonly string _what;
    private readonly string _variable;

    public SecretSource(string option, string what, string variable)
    {
        (_what, _variable) = (what, variable);
        File = Values.Text(option, "FILE", $"File that holds the {what}. Default: {variable}");
    }

    public Option<string?> File { get; }

    /// <summary>The secret, or null where neither file nor variable is given.</summary>
    public string? Read(ParseResult parse, Session session)
    {
        var file = parse.GetValue(File);
        var secret = file is not null ? InputFile.ReadText(file, $"{_what} file") : session.Host.Environment(_variable);
        if (file is not null && string.IsNullOrWhiteSpace(secret))
        {
            throw new UsageException($"{_what} file {file}: it is empty.");
        }

        // Editors end a file with a newline that is no part of a secret.
        return string.IsNullOrEmpty(secret) ? null : secret.TrimEnd('\r', '\n');
    }

    /// <summary>The secret; a person is asked where there is one, otherwise it is an error that names the ways to give it.</summary>
    public string ReadOrAsk(ParseResult parse, Session session)
    {
        var secret = Read(parse, session) ?? session.Host.AskSecret?.Invoke(_what);
        return string.IsNullOrEmpty(secret)
            ? throw new UsageException($"the {_what} is missing: give {File.Name} FILE or set {_variable}; at a terminal it is asked for.")
            : secret;
    }
}
