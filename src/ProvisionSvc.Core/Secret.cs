namespace ProvisionSvc.Core;

/// <summary>A password, community or key. It prints as <c>***</c>; only <see cref="Reveal"/> gives the text, at the wire.</summary>
public sealed class Secret(string text)
{
    /// <summary>The text itself, for the wire and for scrubbing transcripts only.</summary>
    public string Reveal() => text;

    public override string ToString() => "***";
}
