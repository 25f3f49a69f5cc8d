using System.Collections.Concurrent;
using System.Diagnostics.Tracing;

namespace ProvisionSvc.Benchmarks;

/// <summary>Which types are allocated, sampled by the runtime every 100 KB: printed at the end, to find what a sweep still allocates.</summary>
internal sealed class AllocatedTypes : EventListener
{
    private const EventKeywords Gc = (EventKeywords)1;
    private readonly ConcurrentDictionary<string, int> _samples = new(StringComparer.Ordinal);

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
        {
            EnableEvents(eventSource, EventLevel.Verbose, Gc);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName is { } name && name.StartsWith("GCAllocationTick", StringComparison.Ordinal))
        {
            _samples.AddOrUpdate(eventData.Payload?[5] as string ?? "?", 1, static (_, count) => count + 1);
        }
    }

    public override void Dispose()
    {
        foreach (var (type, count) in _samples.OrderByDescending(sample => sample.Value).Take(12))
        {
            Console.WriteLine($"samples={count} type=\"{type}\"");
        }

        base.Dispose();
    }
}
