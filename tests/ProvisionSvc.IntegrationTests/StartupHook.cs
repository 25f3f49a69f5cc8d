#pragma warning disable MA0047 // .NET looks for exactly this name.
/// <summary>
/// Loaded into a service's process before its own code when DOTNET_STARTUP_HOOKS names this assembly: leaves no thread of the pool to anybody, as soon as there
/// is the file that STARVE_WHEN names. The name and the missing namespace are what .NET asks for.
/// </summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable("STARVE_WHEN") is not { Length: > 0 } file)
        {
            return;
        }

        new Thread(() =>
        {
            using var never = new ManualResetEventSlim();
            while (!File.Exists(file))
            {
                never.Wait(TimeSpan.FromMilliseconds(100));
            }

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
