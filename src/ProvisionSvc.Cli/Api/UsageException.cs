namespace ProvisionSvc.Cli.Api;

/// <summary>What was typed, or a file it names, cannot be used; nothing was asked of the service.</summary>
internal sealed class UsageException(string message) : Exception(message);
