using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Api;

/// <summary>How a request to the service went wrong.</summary>
internal enum ApiFault
{
    /// <summary>Nothing was sent: nobody listens there.</summary>
    Unreachable,

    /// <summary>Sent, but no whole answer came back: what was asked may have been done.</summary>
    AnswerLost,

    /// <summary>The service is there and cannot work now (502, 503, 504).</summary>
    Unavailable,

    /// <summary>The service said no.</summary>
    Refused,

    /// <summary>Something answered that is not this API.</summary>
    NotTheService,
}

/// <summary>The service did not do what was asked; the message names the thing and the remedy, the faults are the service's own.</summary>
internal sealed class ApiException(ApiFault fault, string message, IReadOnlyList<FaultView>? faults = null, Exception? inner = null)
    : Exception(message, inner)
{
    public ApiFault Fault => fault;

    public IReadOnlyList<FaultView> Faults => faults ?? [];

    /// <summary>Asking again later may work: the service restarts.</summary>
    public bool IsTransient => fault is ApiFault.Unreachable or ApiFault.AnswerLost or ApiFault.Unavailable;
}
