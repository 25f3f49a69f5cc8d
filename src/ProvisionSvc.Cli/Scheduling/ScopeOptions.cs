using System.CommandLine;
using ProvisionSvc.Cli.Api;
using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Scheduling;

/// <summary>Which part of the network is meant: exactly one of these options.</summary>
internal sealed class ScopeOptions(bool all = false, bool district = false, bool oneSwitch = false)
{
    private readonly (string Scope, Option<string?> Option)[] _named =
    [
        .. district ? new[] { ("district", Values.Text("--district", "N", "Number of the district")) } : [],
        ("node", Values.Text("--node", "N", "Name of the node")),
        ("building", Values.Text("--building", "B", "Name of the building")),
        .. oneSwitch ? new[] { ("switch", Values.Text("--switch", "S", "Name of the switch")) } : [],
    ];

    private readonly Option<bool>? _all = all ? Values.Flag("--all", "Everything") : null;

    public IEnumerable<Symbol> Symbols => [.. _named.Select(n => n.Option), .. _all is null ? Array.Empty<Symbol>() : [_all]];

    public (string Scope, string? Name) Read(ParseResult parse)
    {
        List<(string, string?)> given =
        [
            .. _named.Where(n => parse.GetValue(n.Option) is not null).Select(n => (n.Scope, parse.GetValue(n.Option))),
            .. _all is not null && parse.GetValue(_all) ? new[] { ("all", default(string)) } : [],
        ];
        return given is [var one] ? one : throw new UsageException($"Give one of {string.Join(", ", Symbols.Select(s => s.Name))}.");
    }
}
