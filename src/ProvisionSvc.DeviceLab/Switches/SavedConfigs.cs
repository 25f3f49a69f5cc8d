using System.Collections.Immutable;
using System.Text.Json;
using ProvisionSvc.DeviceLab.City;

namespace ProvisionSvc.DeviceLab.Switches;

/// <summary>
/// The flash of all switches: a file for each switch that was ever told to save. A lab started again with the same state folder finds
/// what was saved, and has lost what was not: as after a power failure.
/// </summary>
internal sealed class SavedConfigs(string directory)
{
    public void Forget()
    {
        if (Directory.Exists(directory)) Directory.Delete(directory, recursive: true);
    }

    /// <summary>Null when this switch never saved, or saved as part of another city.</summary>
    public SwitchConfig? Load(SwitchPlan plan, int seed)
    {
        var file = FileOf(plan);
        if (!File.Exists(file)) return null;
        var saved = JsonSerializer.Deserialize<Flash>(File.ReadAllText(file)) ?? throw new LabException($"{file} is empty: remove it.");
        return saved.Serial == plan.Serial && saved.Seed == seed && saved.Model == plan.Model.Name && saved.Ports.Length == plan.Model.Interfaces.Count
            ? new SwitchConfig([.. saved.Vlans], [.. saved.Ports]) : null;
    }

    public void Store(SwitchPlan plan, int seed, SwitchConfig config)
    {
        Directory.CreateDirectory(directory);
        var file = FileOf(plan);
        File.WriteAllText(file + ".new", JsonSerializer.Serialize(new Flash(plan.Serial, seed, plan.Model.Name, [.. config.Vlans], [.. config.Ports])));
        File.Move(file + ".new", file, overwrite: true);
    }

    private string FileOf(SwitchPlan plan) => Path.Combine(directory, plan.Name + ".json");

    private sealed record Flash(string Serial, int Seed, string? Model, int[] Vlans, PortConfig[] Ports);
}
