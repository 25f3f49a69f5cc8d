using System.CommandLine;
using ProvisionSvc.DeviceLab;
using ProvisionSvc.DeviceLab.Recordings;

var root = new RootCommand("A simulated city of switches with SNMP and SSH on loopback addresses.") { RunCommand.Make(), ServeCommand.Make(), TellCommand.Tell(), TellCommand.State() };
return await root.Parse(args).InvokeAsync();
