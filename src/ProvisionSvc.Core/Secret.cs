namespace ProvisionSvc.Core;

/// <summary>A password, community or key. It prints as <c>***</c>; only <see cref="Reveal"/> gives the text, at the wire.</summary>
public sealed class Secret(string text) : IEquatable<Secret>
{
    /// <summary>The text itself, for the wire and for scrubbing transcripts only.</summary>
    public string Reveal() => text;

    public bool Equals(Secret? other) => other?.Reveal() == text;

    public override bool Equals(object? obj) => Equals(obj as Secret);

    public override int GetHashCode() => text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => "***";
}
