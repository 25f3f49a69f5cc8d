using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;

namespace ProvisionSvc.Orders;

/// <summary>What an order changed, as the database keeps it: the inverse is made of it.</summary>
internal static class KeptChanges
{
    private static readonly JsonSerializerOptions Options = new(Json.Options)
    {
        Converters = { new OfNumber<VlanId>(v => v.Value, n => new((int)n)), new OfNumber<Bandwidth>(b => b.Kbps, Bandwidth.FromKbps), new OfCircuit() },

        // jsonb keeps members in an order of its own.
        AllowOutOfOrderMetadataProperties = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { Named } },
    };

    public static Json Of(IReadOnlyList<ServiceChange> changes) => new(JsonSerializer.Serialize(changes, Options));

    public static IReadOnlyList<ServiceChange> Read(string text) => JsonSerializer.Deserialize<List<ServiceChange>>(text, Options) ?? [];

    /// <summary>Every kind of change by its own name, so that one that is added needs nothing here.</summary>
    private static void Named(JsonTypeInfo type)
    {
        if (type.Type == typeof(ServiceChange))
        {
            type.PolymorphismOptions = new() { TypeDiscriminatorPropertyName = "change" };
            foreach (var kind in typeof(ServiceChange).GetNestedTypes())
            {
                type.PolymorphismOptions.DerivedTypes.Add(new(kind, JsonNamingPolicy.CamelCase.ConvertName(kind.Name)));
            }
        }
        else if (type.Type.IsAssignableTo(typeof(ServiceChange)))
        {
            // What follows from the change is not kept with it.
            foreach (var derived in type.Properties.Where(p => p.Name is "inverse" or "takes").ToList())
            {
                type.Properties.Remove(derived);
            }
        }
    }

    private sealed class OfNumber<T>(Func<T, long> number, Func<long, T> value) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => value(reader.GetInt64());

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteNumberValue(number(value));
    }

    private sealed class OfCircuit : JsonConverter<CircuitId>
    {
        public override CircuitId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => CircuitId.Parse(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, CircuitId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
    }
}
