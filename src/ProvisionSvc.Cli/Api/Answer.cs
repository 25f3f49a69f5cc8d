namespace ProvisionSvc.Cli.Api;

/// <summary>An answer as a value to decide on, and as the service's own JSON to print: a field this version does not know is not lost.</summary>
internal sealed record Answer<T>(T Value, ReadOnlyMemory<byte> Json);
