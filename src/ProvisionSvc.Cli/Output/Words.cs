namespace ProvisionSvc.Cli.Output;

/// <summary>The languages of headings, sentences and reasons.</summary>
internal enum Language
{
    English,
    Chinese,
}

/// <summary>One heading or sentence in both languages; states, codes and field names stay as the API spells them.</summary>
internal readonly record struct Words(string English, string Chinese)
{
    public static implicit operator Words((string English, string Chinese) both) => new(both.English, both.Chinese);

    public string In(Language language) => language == Language.Chinese ? Chinese : English;
}
