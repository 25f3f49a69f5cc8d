using ProvisionSvc.Benchmarks;

// The programs that eng/bench.sh runs; each prints lines of key=value.
var (name, options) = args is [var first, .. var rest] ? (first, new Options(rest)) : ("", new Options([]));
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
using var terminated = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, context =>
{
    context.Cancel = true;
    stop.Cancel();
});

switch (name)
{
    case "snmp-sweep":
        return await SnmpSweep.RunAsync(options, stop.Token);
    case "snmp-agents-v3":
        return await SnmpAgentsV3.RunAsync(options, stop.Token);
    case "snmp-fuzz":
        return await SnmpFuzz.RunAsync(options, stop.Token);
    case "ssh-devices":
        return await new SshRun(options).DevicesAsync(stop.Token);
    case "ssh-batch":
        return await new SshRun(options).BatchAsync(stop.Token);
    case "terminal":
        return await new TerminalCampaign(options).RunAsync(stop.Token);
    case "snmp-fuzz-target":
        // For afl-fuzz, after "sharpfuzz ProvisionSvc.Snmp.dll" has instrumented the library.
        SharpFuzz.Fuzzer.OutOfProcess.Run(stream =>
        {
            var datagram = new byte[65_507];
            SnmpFuzz.Decode(datagram.AsSpan(0, stream.ReadAtLeast(datagram, datagram.Length, throwOnEndOfStream: false)));
        });
        return 0;
    case "hostile":
        return await Hostile.RunAsync(options, stop.Token);
    default:
        await Console.Error.WriteLineAsync("snmp-sweep | snmp-agents-v3 | snmp-fuzz | snmp-fuzz-target | ssh-devices | ssh-batch | terminal | hostile, each with --name value pairs; see eng/bench.sh");
        return 2;
}
