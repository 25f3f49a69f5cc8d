#pragma warning disable MA0047 // .NET looks for exactly this name.
/// <summary>
/// Loaded into a service's process before its own code when DOTNET_STARTUP_HOOKS names this assembly: leaves no thread of the pool to anybody, after the seconds
/// that STARVE_AFTER says. The name and the missing namespace are what .NET asks for.
/// </summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        if (!double.TryParse(Environment.GetEnvironmentVariable("STARVE_AFTER"), System.Globalization.CultureInfo.InvariantCulture, out var seconds))
        {
            return;
        }

        new Thread(() =>
        {
            using var never = new ManualResetEventSlim();
            never.Wait(TimeSpan.FromSeconds(seconds));
            ThreadPool.SetMinThreads(1, 1);
            ThreadPool.SetMaxThreads(Environment.ProcessorCount, Environment.ProcessorCount);
            for (var n = 0; n < 1000; n++)
            {
                ThreadPool.UnsafeQueueUserWorkItem(_ => never.Wait(), null);
            }

            never.Wait();
        })
        { IsBackground = true }.Start();
    }
}
