using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices.Switches;

namespace ProvisionSvc.Tests.Switches;

/// <summary>A book in which everything is written down, and which forbids only what it was told to.</summary>
internal sealed class OpenBook : ICredentialBook
{
    public List<string> Lines { get; } = [];

    public Dictionary<int, string> Forbidden { get; } = [];

    public Task<string?> BeginAsync(Channel channel, int generation, bool again, CancellationToken ct)
    {
        Lines.Add($"{channel} {generation}{(again ? "!" : "")}?");
        return Task.FromResult(Forbidden.GetValueOrDefault(generation));
    }

    public void Leave(Channel channel, int generation) => Lines.Add($"{channel} {generation} left");

    public Task EndAsync(Channel channel, int? reached, IReadOnlyList<(int Generation, string Why)> refused, CancellationToken ct)
    {
        Lines.Add($"{channel} reached {reached?.ToString() ?? "-"} refused {string.Join(',', refused.Select(r => r.Generation))}".TrimEnd());
        return Task.CompletedTask;
    }

    public Task<string?> WhyNotAsync(Channel channel, int generation, CancellationToken ct) => Task.FromResult(Forbidden.GetValueOrDefault(generation));
}
