using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.FieldWork;

/// <summary>An OID as it was written, and the well-known object it belongs to.</summary>
/// <param name="Object">Null where nobody here knows it by name.</param>
/// <param name="HasInstance">Something follows the object's own OID.</param>
internal readonly record struct NamedOid(Oid Oid, MibObject? Object, bool HasInstance);

/// <summary>Names to OIDs and back.</summary>
internal static class MibNames
{
    private static readonly FrozenDictionary<string, MibObject> ByName = MibCatalog.All.ToFrozenDictionary(o => o.Name, StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<Oid, MibObject> ByOid = MibCatalog.All
        .SelectMany(o => o.Kind == MibKind.Table ? [(o.Oid, Object: o), (o.Oid.Append(1), o)] : new[] { (o.Oid, Object: o) })
        .ToFrozenDictionary(o => o.Oid, o => o.Object);

    /// <summary>Reads "1.3.6.1.2.1.1.1.0", ".1.3.6.1", "sysDescr" or "ifAdminStatus.7".</summary>
    public static bool TryParse(string text, out NamedOid found, [NotNullWhen(false)] out string? why)
    {
        found = default;
        why = null;
        if (text.Length > 0 && (text[0] == '.' || char.IsAsciiDigit(text[0])))
        {
            if (!Oid.TryParse(text, out var oid) || !CanBeSent(oid))
            {
                why = "is not an OID: numbers up to 4294967295 with dots between them, at most 128, beginning with 0.0 to 0.39, 1.0 to 1.39 or 2.";
                return false;
            }

            var known = ObjectOf(oid);
            found = new(oid, known, known is not null && oid.Length > OwnLength(known, oid));
            return true;
        }

        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (!ByName.TryGetValue(dot < 0 ? text : text[..dot], out var named))
        {
            why = "is not a name known here: write its OID in numbers, or a name such as sysDescr, ifAdminStatus.7, ifXTable.";
            return false;
        }

        if (dot < 0)
        {
            found = new(named.Oid, named, HasInstance: false);
            return true;
        }

        if (!Oid.TryParse(text.AsSpan(dot + 1), out var instance) || text[dot + 1] == '.' || named.Oid.Length + instance.Length > Oid.MaxLength)
        {
            why = "has no number behind its name: write it such as ifAdminStatus.7.";
            return false;
        }

        found = new(named.Oid.Append(instance), named, HasInstance: true);
        return true;
    }

    /// <summary>The column or scalar that this variable is an instance of.</summary>
    public static MibObject? VariableOf(Oid oid) => ObjectOf(oid) is { Kind: MibKind.Column or MibKind.Scalar } known ? known : null;

    private static MibObject? ObjectOf(Oid oid)
    {
        for (var length = oid.Length; length > 0; length--)
        {
            // Only a column or a scalar is known by what lies below it: a vendor's own OIDs are not "enterprises".
            if (ByOid.TryGetValue(oid.Slice(0, length), out var known))
            {
                return known.Kind is MibKind.Column or MibKind.Scalar || length == oid.Length ? known : null;
            }
        }

        return null;
    }

    /// <summary>A table is also named by its entry, one arc longer.</summary>
    private static int OwnLength(MibObject known, Oid oid) => known.Kind == MibKind.Table ? oid.Length : known.Oid.Length;

    /// <summary>X.690 §8.19.4: the first two sub-identifiers travel as one.</summary>
    private static bool CanBeSent(Oid oid) => oid[0] <= 2 && (oid.Length < 2 || oid[0] == 2 || oid[1] <= 39);
}
