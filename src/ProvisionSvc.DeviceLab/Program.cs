using System.CommandLine;
using ProvisionSvc.DeviceLab;

var root = new RootCommand("A simulated city of switches with SNMP and SSH on loopback addresses.") { RunCommand.Make(), TellCommand.Tell(), TellCommand.State() };
return await root.Parse(args).InvokeAsync();
