using System.ComponentModel.DataAnnotations;
using ProvisionSvc.Core.Orders;

namespace ProvisionSvc.Orders;

/// <summary>Section <c>Orders</c>.</summary>
internal sealed class OrderOptions
{
    /// <summary>Items an hour, over everything, that darken a lit port.</summary>
    [Range(0, 100_000)]
    public int DarkeningPerHour { get; set; } = 30;

    /// <summary>Items an hour in one building that darken a lit port.</summary>
    [Range(0, 100_000)]
    public int DarkeningPerBuilding { get; set; } = 3;

    /// <summary>How long after its completion an order can be taken back.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan UndoFor { get; set; } = TimeSpan.FromDays(90);

    public DarkeningBudget Budget => new(DarkeningPerHour, DarkeningPerBuilding);
}
