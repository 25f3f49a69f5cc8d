using System.Diagnostics.Metrics;

namespace ProvisionSvc.Hosting;

/// <summary>The service's own figures, meter <c>ProvisionSvc</c>; no names of customers, ports or circuits in them.</summary>
internal static class ServiceMetrics
{
    private static readonly Meter Meter = new("ProvisionSvc");

    /// <summary>Order items that ended, by state and reason.</summary>
    public static readonly Counter<long> ItemsEnded = Meter.CreateCounter<long>("provision.items.ended", "{item}", "Order items that ended, by state and reason.");

    /// <summary>Lines typed and SETs sent that write, by channel and outcome.</summary>
    public static readonly Counter<long> LinesSent = Meter.CreateCounter<long>("provision.lines.sent", "{line}", "Lines and SETs that write, by channel and outcome.");

    /// <summary>From the claim of a lane to its release.</summary>
    public static readonly Histogram<double> LaneRuns = Meter.CreateHistogram<double>("provision.lane.duration", "s", "From the claim of a switch to its release.");

    /// <summary>Events posted to webhooks, by whether they were taken.</summary>
    public static readonly Counter<long> WebhooksSent = Meter.CreateCounter<long>("provision.webhooks.sent", "{event}", "Events posted to webhooks, by outcome.");

    /// <summary>Switches asked by sweeps, by whether they answered.</summary>
    public static readonly Counter<long> SwitchesSwept = Meter.CreateCounter<long>("provision.switches.swept", "{switch}", "Switches asked by sweeps, by answer.");

    /// <summary>Ticks that planned no sweep because the one before still ran.</summary>
    public static readonly Counter<long> SweepsLate = Meter.CreateCounter<long>("provision.sweeps.late", "{sweep}", "Ticks that found the sweep before still running.");
}
