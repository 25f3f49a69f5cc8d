namespace ProvisionSvc.Benchmarks;

/// <summary>Pairs of --name value.</summary>
internal sealed class Options
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public Options(string[] arguments)
    {
        for (var i = 0; i + 1 < arguments.Length; i += 2)
        {
            _values[arguments[i].TrimStart('-')] = arguments[i + 1];
        }
    }

    public int Int(string name, int otherwise) => _values.TryGetValue(name, out var text) ? int.Parse(text) : otherwise;

    public string Text(string name, string otherwise) => _values.GetValueOrDefault(name, otherwise);
}
