using System.Runtime.InteropServices;

namespace ProvisionSvc.Snmp;

/// <summary>recvmmsg(2) and sendmmsg(2): many datagrams per system call. Structures as on 64-bit Linux.</summary>
internal static unsafe partial class LinuxSockets
{
    public const int WaitForOne = 0x10000; // MSG_WAITFORONE
    public const int Interrupted = 4; // EINTR
    public const int TryAgain = 11; // EAGAIN

    /// <summary>This process can call them.</summary>
    public static bool IsSupported { get; } = OperatingSystem.IsLinux() && sizeof(nint) == 8 && NativeLibrary.TryLoad("libc", typeof(LinuxSockets).Assembly, null, out var libc)
        && NativeLibrary.TryGetExport(libc, "recvmmsg", out _) && NativeLibrary.TryGetExport(libc, "sendmmsg", out _);

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int Receive(int socket, Message* messages, uint count, int flags, nint timeout);

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    public static partial int Send(int socket, Message* messages, uint count, int flags);

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Part
    {
        public byte* Start;
        public nuint Length;
    }

    /// <summary>struct mmsghdr, its msghdr opened out.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Message
    {
        public byte* Name;
        public uint NameLength;
        public Part* Parts;
        public nuint PartCount;
        public byte* Control;
        public nuint ControlLength;
        public int Flags;
        private readonly int _padding;
        public uint Length;
        private readonly int _end;
    }
}

/// <summary>Room for a batch of datagrams that the kernel fills or empties: unmanaged, as it must not move.</summary>
internal sealed unsafe class DatagramBatch : IDisposable
{
    public const int Most = 64;
    public const int LargestName = 28; // sockaddr_in6
    private readonly int _size;
    private readonly byte* _memory;
    private readonly byte* _datagrams;
    private readonly byte* _names;
    private readonly LinuxSockets.Part* _parts;

    public DatagramBatch(int datagramSize)
    {
        _size = datagramSize;
        var headers = (sizeof(LinuxSockets.Message) + sizeof(LinuxSockets.Part) + 32) * Most;
        _memory = (byte*)NativeMemory.AllocZeroed((nuint)(headers + (Most * datagramSize)));
        Messages = (LinuxSockets.Message*)_memory;
        _parts = (LinuxSockets.Part*)(Messages + Most);
        _names = (byte*)(_parts + Most);
        _datagrams = _names + (32 * Most);
        for (var i = 0; i < Most; i++)
        {
            _parts[i].Start = _datagrams + ((long)i * datagramSize);
            Messages[i].Parts = _parts + i;
            Messages[i].PartCount = 1;
            Messages[i].Name = _names + (32 * i);
            Reset(i);
        }
    }

    public LinuxSockets.Message* Messages { get; }

    public int DatagramSize => _size;

    /// <summary>Datagrams put in and not sent yet.</summary>
    public int Count { get; set; }

    public Span<byte> Datagram(int i) => new(_parts[i].Start, (int)Messages[i].Length);

    public ReadOnlySpan<byte> Name(int i) => new(Messages[i].Name, (int)Messages[i].NameLength);

    /// <summary>Makes a place ready to receive into.</summary>
    public void Reset(int i)
    {
        Messages[i].NameLength = LargestName;
        _parts[i].Length = (nuint)_size;
    }

    public void Put(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> name)
    {
        datagram.CopyTo(new Span<byte>(_parts[Count].Start, _size));
        name.CopyTo(new Span<byte>(Messages[Count].Name, LargestName));
        _parts[Count].Length = (nuint)datagram.Length;
        Messages[Count].NameLength = (uint)name.Length;
        Count++;
    }

    public void Dispose() => NativeMemory.Free(_memory);
}
