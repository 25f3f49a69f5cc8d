using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Unicode;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;

namespace ProvisionSvc.Hosting;

/// <summary>
/// A JSON request body, read so that every fault in it is found at once: unknown members, missing ones, members of the wrong type.
/// Names are matched exactly as documented.
/// </summary>
internal sealed class Body<T>
    where T : class
{
    private static readonly IReadOnlyDictionary<string, PropertyInfo> Members =
        typeof(T).GetProperties().ToDictionary(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name));

    // Found once: a list of ten thousand orders is ten thousand bodies.
    private static readonly IReadOnlyList<string> Required = [.. Members.Where(m => IsRequired(m.Value)).Select(m => m.Key)];

    private readonly T? _value;

    private Body(T? value, IReadOnlyList<Fault> faults)
    {
        _value = value;
        Faults = faults;
    }

    public IReadOnlyList<Fault> Faults { get; }

    /// <summary>The value; only where there are no <see cref="Faults"/>.</summary>
    public T Value => _value ?? throw new InvalidOperationException("The body has faults; answer them first.");

    public static async ValueTask<Body<T>?> BindAsync(HttpContext context)
    {
        try
        {
            using var bytes = new MemoryStream();
            await context.Request.Body.CopyToAsync(bytes, context.RequestAborted);
            var text = bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
            if (!Utf8.IsValid(text.Span))
            {
                return new(null, [new("not-utf8", "", "The body is not UTF-8.")]);
            }

            using var document = JsonDocument.Parse(text);
            return Read(document.RootElement);
        }
        catch (JsonException broken)
        {
            return new(null, [new("malformed-json", "", $"The body is not JSON: {broken.Message}")]);
        }
    }

    public static Body<T> Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return new(null, [new("malformed-json", "", "The body has to be a JSON object.")]);
        }

        var faults = new List<Fault>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in root.EnumerateObject())
        {
            if (!Members.TryGetValue(member.Name, out var property))
            {
                faults.Add(new("unknown-member", member.Name, $"There is no \"{member.Name}\" here; known are {string.Join(", ", Members.Keys)}."));
            }
            else if (!seen.Add(member.Name))
            {
                faults.Add(new("double-member", member.Name, $"\"{member.Name}\" stands twice."));
            }
            else if (Wrong(member.Value, property) is { } wrong)
            {
                faults.Add(new("wrong-type", member.Name, $"\"{member.Name}\": {wrong}"));
            }
        }

        faults.AddRange(Required.Where(m => !seen.Contains(m)).Select(m => new Fault("missing-member", m, $"\"{m}\" is missing.")));
        return faults.Count > 0 ? new(null, faults) : new(root.Deserialize<T>(Json.Options), []);
    }

    private static bool IsRequired(PropertyInfo property) => property.IsDefined(typeof(RequiredMemberAttribute), inherit: false)
        || (typeof(T).GetConstructors().FirstOrDefault()?.GetParameters().FirstOrDefault(p => p.Name == property.Name) is { HasDefaultValue: false } && !IsNullable(property));

    private static bool IsNullable(PropertyInfo property) =>
        Nullable.GetUnderlyingType(property.PropertyType) is not null
        || new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;

    private static string? Wrong(JsonElement value, PropertyInfo property)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return IsNullable(property) ? null : "null is not a value here.";
        }

        try
        {
            value.Deserialize(property.PropertyType, Json.Options);
            return null;
        }
        catch (JsonException wrong)
        {
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;

            // The value itself stays out of the answer: it may be a password in the wrong place.
            return $"This {value.ValueKind.ToString().ToLowerInvariant()} is not a {type.Name}{(wrong.Path is { Length: > 1 } path ? $" (at {path})" : "")}.";
        }
    }
}
