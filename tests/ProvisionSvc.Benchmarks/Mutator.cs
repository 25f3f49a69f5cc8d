namespace ProvisionSvc.Benchmarks;

/// <summary>Damages a BER message where it hurts: at tags, lengths and contents of its elements, not only at octets.</summary>
internal sealed class Mutator(int seed)
{
    private static readonly byte[] Nasty = [0x00, 0x01, 0x02, 0x04, 0x05, 0x06, 0x1F, 0x30, 0x7F, 0x80, 0x81, 0x82, 0x84, 0x88, 0xA2, 0xFF];
    private readonly Random _random = new(seed);
    private readonly List<(int Tag, int Start, int End)> _elements = [];

    public byte[] Mutate(byte[] message)
    {
        var mutated = message;
        for (var times = _random.Next(1, 4); times > 0; times--)
        {
            mutated = Once(mutated);
        }

        return mutated;
    }

    private byte[] Once(byte[] message)
    {
        if (message.Length < 2)
        {
            return [(byte)_random.Next(256)];
        }

        _elements.Clear();
        Find(message, 0, message.Length, 0);
        var (tag, start, end) = _elements.Count > 0 ? _elements[_random.Next(_elements.Count)] : (0, 1, message.Length);
        var at = _random.Next(message.Length);
        byte[] changed = [.. message];
        switch (_random.Next(9))
        {
            case 0:
                changed[tag] = OneOf();
                return changed;
            case 1:
                changed[tag + 1] = OneOf();
                return changed;
            case 2: // a length in the long form that lies
                return [.. message[..(tag + 1)], 0x84, OneOf(), OneOf(), OneOf(), OneOf(), .. message[start..]];
            case 3: // an element twice
                return [.. message[..end], .. message[tag..]];
            case 4: // an element missing
                return [.. message[..tag], .. message[end..]];
            case 5: // content of another kind
                var content = new byte[_random.Next(0, 24)];
                _random.NextBytes(content);
                return [.. message[..(tag + 1)], (byte)content.Length, .. content, .. message[end..]];
            case 6:
                return message[..at];
            case 7: // nested deeper than anybody would
                return [.. message[..tag], .. Enumerable.Repeat<byte>(0x30, 100), .. message[tag..]];
            default:
                changed[at] ^= (byte)(1 << _random.Next(8));
                return changed;
        }
    }

    private byte OneOf() => _random.Next(2) == 0 ? Nasty[_random.Next(Nasty.Length)] : (byte)_random.Next(256);

    private void Find(byte[] message, int from, int to, int depth)
    {
        while (from + 2 <= to && depth < 8)
        {
            int length = message[from + 1];
            var start = from + 2;
            if (length > 0x80 && length <= 0x82 && start + length - 0x80 <= to)
            {
                var octets = length - 0x80;
                length = 0;
                for (var i = 0; i < octets; i++)
                {
                    length = (length << 8) | message[start + i];
                }

                start += octets;
            }

            if (length > to - start)
            {
                return;
            }

            _elements.Add((from, start, start + length));
            if ((message[from] & 0x20) != 0 || (message[from] == 4 && length > 20 && message[start] == 0x30))
            {
                Find(message, start, start + length, depth + 1);
            }

            from = start + length;
        }
    }
}
