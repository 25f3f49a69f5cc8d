namespace ProvisionSvc.Contracts;

/// <summary>One version of a switch's running configuration: when it was first and last seen, and after what it was first fetched (<c>orders</c>, <c>interval</c>).</summary>
public sealed record ConfigurationVersionView(long Version, DateTimeOffset Since, DateTimeOffset Until, string Source, int Lines, int Octets);

/// <summary>The versions of a switch, newest first, and how the last fetch went.</summary>
public sealed record ConfigurationListView(string Switch, IReadOnlyList<ConfigurationVersionView> Versions, DateTimeOffset? FetchedAt, DateTimeOffset? DueAt, string? Problem);

/// <summary>A running configuration, secrets taken out.</summary>
public sealed record ConfigurationView(string Switch, ConfigurationVersionView Version, string Text);

/// <summary>What changed between two versions.</summary>
public sealed record ConfigurationDiffView(string Switch, ConfigurationVersionView Before, ConfigurationVersionView After, IReadOnlyList<ConfigurationHunkView> Hunks);

/// <summary>One place of a difference: where it is in either text (counted from 1), and its lines, each with <c>-</c>, <c>+</c> or a blank before it.</summary>
public sealed record ConfigurationHunkView(int BeforeLine, int AfterLine, IReadOnlyList<string> Lines);
