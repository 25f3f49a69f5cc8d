using System.CommandLine;
using System.Net.Http.Headers;
using ProvisionSvc.Cli.Api;
using ProvisionSvc.Cli.Output;

namespace ProvisionSvc.Cli.Running;

/// <summary>The options that every command takes, and what they and the environment come to.</summary>
internal sealed class GlobalOptions
{
    private const string DefaultUrl = "http://127.0.0.1:8080";

    public Option<string?> Url { get; } = new("--url")
    {
        Description = $"The service. Default: PROVISION_URL, else {DefaultUrl}", HelpName = "URL", Recursive = true,
    };

    public Option<string?> TokenFile { get; } = new("--token-file")
    {
        Description = "File that holds the API token. Default: PROVISION_TOKEN, else the file named by PROVISION_TOKEN_FILE", HelpName = "FILE", Recursive = true,
    };

    public Option<string> Output { get; } = new("--output", "-o")
    {
        Description = "table for people, json as the API answers it", HelpName = "table|json", Recursive = true, DefaultValueFactory = _ => "table",
    };

    public Option<string?> Lang { get; } = new("--lang")
    {
        Description = "Language of headings and reasons. Default: from LC_ALL or LANG", HelpName = "en|zh", Recursive = true,
    };

    public void AddTo(Command root)
    {
        Output.AcceptOnlyFromAmong("table", "json");
        Lang.AcceptOnlyFromAmong("en", "zh");
        root.Add(Url);
        root.Add(TokenFile);
        root.Add(Output);
        root.Add(Lang);
    }

    public Language ReadLanguage(ParseResult parse, CommandHost host)
    {
        // A misspelled --lang is a parse error; its message still needs a language.
        var asked = parse.GetResult(Lang) is { Errors: var errors } && !errors.Any() ? parse.GetValue(Lang) : null;
        var language = asked ?? FirstSet(host, "LC_ALL", "LC_MESSAGES", "LANG") ?? "en";
        return language.StartsWith("zh", StringComparison.Ordinal) ? Language.Chinese : Language.English;
    }

    public Uri ReadUrl(ParseResult parse, CommandHost host)
    {
        var text = parse.GetValue(Url) ?? FirstSet(host, "PROVISION_URL") ?? DefaultUrl;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0)
        {
            throw new UsageException($"--url: \"{text}\" is not the address of a service, such as {DefaultUrl} or https://provision.example.net.");
        }

        return url;
    }

    /// <summary>The token, or null where none is given: some addresses need none, and the service says so best.</summary>
    public AuthenticationHeaderValue? ReadToken(ParseResult parse, CommandHost host, Uri url)
    {
        var file = parse.GetValue(TokenFile);
        var token = file is null ? FirstSet(host, "PROVISION_TOKEN") : null;
        file ??= token is null ? FirstSet(host, "PROVISION_TOKEN_FILE") : null;
        if (file is not null)
        {
            token = InputFile.ReadText(file, "token file");
        }

        token = token?.Trim();
        if (string.IsNullOrEmpty(token))
        {
            return file is null ? null : throw new UsageException($"token file {file}: it is empty.");
        }

        if (token.Any(c => c is <= ' ' or > '~'))
        {
            throw new UsageException($"{file ?? "PROVISION_TOKEN"}: that is not a token (one line without spaces).");
        }

        return url.Scheme == "https" || url.IsLoopback
            ? new AuthenticationHeaderValue("Bearer", token)
            : throw new UsageException($"--url: the token is not sent to {url.Host} over plain http, where it could be read on the way; use https.");
    }

    private static string? FirstSet(CommandHost host, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (host.Environment(name) is { Length: > 0 } value)
            {
                return value;
            }
        }

        return null;
    }
}
