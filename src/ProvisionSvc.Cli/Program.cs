using ProvisionSvc.Cli.Running;

return await ProvisionCommand.RunAsync(args, CommandHost.OfProcess(), CancellationToken.None);
