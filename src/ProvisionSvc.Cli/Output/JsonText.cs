using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ProvisionSvc.Cli.Output;

/// <summary>The service's JSON, indented, in its own order of fields, with Chinese left readable.</summary>
internal static class JsonText
{
    // Relaxed means "not escaped for HTML": this goes to a terminal or a file. Control characters are still escaped.
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return Of(document.RootElement);
    }

    /// <summary>The first of an array: <c>port show</c> asks for a list of one.</summary>
    public static string OfFirst(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return Of(document.RootElement[0]);
    }

    private static string Of(JsonElement element)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Indented))
        {
            element.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
