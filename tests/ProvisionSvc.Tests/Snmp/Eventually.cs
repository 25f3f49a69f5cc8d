using System.Diagnostics;

namespace ProvisionSvc.Tests.Snmp;

/// <summary>Waits for what other threads bring about; how long it takes is not tested.</summary>
internal static class Eventually
{
    public static async Task IsAsync(Func<bool> condition)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30), "It never came true.");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
