using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ProvisionSvc.Snmp;

/// <summary>Request ids that nobody can guess from those seen before: off the path, one has to hit 1 of 2^31 (reliability T4).</summary>
internal sealed class RequestIds
{
    private readonly Lock _lock = new();
    private readonly byte[] _random = new byte[4_096];
    private int _used = 4_096;

    public int Next()
    {
        lock (_lock)
        {
            if (_used == _random.Length)
            {
                RandomNumberGenerator.Fill(_random);
                _used = 0;
            }

            var id = BinaryPrimitives.ReadInt32LittleEndian(_random.AsSpan(_used));
            _used += sizeof(int);
            return id & int.MaxValue; // not negative: RFC 3416 §3 allows it, some agents do not
        }
    }
}
