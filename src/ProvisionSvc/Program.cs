using ProvisionSvc.Hosting;

return await ServiceHost.RunAsync(args);
