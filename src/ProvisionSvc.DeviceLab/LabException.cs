namespace ProvisionSvc.DeviceLab;

/// <summary>The lab cannot do what it was told; the message says what and what to do about it.</summary>
public sealed class LabException(string message, Exception? inner = null) : Exception(message, inner);
