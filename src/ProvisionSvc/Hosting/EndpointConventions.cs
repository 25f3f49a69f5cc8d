using Microsoft.AspNetCore.Http.Metadata;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Hosting;

/// <summary>What an endpoint says about itself beside its roles; the API's document is made of it.</summary>
internal static class EndpointConventions
{
    private const string Json = "application/json";

    /// <summary>Reads a JSON <see cref="Body{T}"/>: another media type, too many bytes and faults in it are answered with problems.</summary>
    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder endpoint)
        where T : class => endpoint.Accepts<T>(Json).Fails(
            StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status422UnprocessableEntity);

    /// <summary>The statuses of the problems that it may answer with, beside those of every endpoint (401, 403, 503) and of every body.</summary>
    public static TBuilder Fails<TBuilder>(this TBuilder endpoint, params int[] statuses)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.Add(e =>
        {
            foreach (var status in statuses.Except(e.Metadata.OfType<IProducesResponseTypeMetadata>().Select(m => m.StatusCode)).ToList())
            {
                e.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(ProblemView), ["application/problem+json"]));
            }
        });
        return endpoint;
    }
}
