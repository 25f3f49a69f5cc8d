using System.Text;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Tests.Snmp;

/// <summary>Passwords to keys: the examples of the RFCs, and what Net-SNMP's library makes of the same where they have none.</summary>
public class UsmKeyTests
{
    private const string Password = "maplesyrup";
    private const string Engine = "000000000000000000000002";

    [Theory]
    [InlineData(AuthProtocol.HmacMd5, "9faf3283884e92834ebc9847d8edd963", "526f5eed9fcce26f8964c2930787d82b")] // RFC 3414 A.3.1
    [InlineData(AuthProtocol.HmacSha1, "9fb5cc0381497b3793528939ff788d5d79145211", "6695febc9288e36282235fc7151f128497b38f3f")] // RFC 3414 A.3.2
    public void The_examples_of_RFC_3414_come_out(AuthProtocol protocol, string key, string localized)
    {
        var made = KeyMaker.KeyOf(protocol, Encoding.UTF8.GetBytes(Password));

        Assert.Equal(key, Convert.ToHexStringLower(made));
        Assert.Equal(localized, Convert.ToHexStringLower(KeyMaker.Localize(protocol, made, Convert.FromHexString(Engine))));
    }

    // RFC 7860 has no examples of its own: these were made from its text with Python's hashlib.
    [Theory]
    [InlineData(AuthProtocol.HmacSha224, "282a5867ee9aac639ad59df9572c7d3ac0fbc13a905b6df07dbbf00b", "0bd8827c6e29f8065e08e09237f177e410f69b90e1782be682075674")]
    [InlineData(
        AuthProtocol.HmacSha256, "ab51014d1e077f6017df2b12bee5f5aa72993177e9bb569c4dff5a4ca0b4afac", "8982e0e549e866db361a6b625d84cccc11162d453ee8ce3a6445c2d6776f0f8b")]
    [InlineData(
        AuthProtocol.HmacSha384,
        "e06eccdf2c68a06ed034723c9c26e0db3b669e1e2efed49150b55377a2e98f383c86fb836857444654b287c93f51ff64",
        "3b298f16164a11184279d5432bf169e2d2a48307de02b3d3f7e2b4f36eb6f0455a53689a3937eea07319a633d2ccba78")]
    [InlineData(
        AuthProtocol.HmacSha512,
        "7e4396de5aadc77be853819b98c9406265b3a9c37cc3176569847a4e4f6fba63dd3a73d04924d31a63f95a601f9385af6be4ed1b37f87d040f7c6ed6f8d38a91",
        "22a5a36cedfcc085807a128d7bc6c2382167ad6c0dbc5fdff856740f3d84c099ad1ea87a8db096714d9788bd544047c9021e4229ce27e4c0a69250adfcffbb0b")]
    public void The_keys_of_RFC_7860_are_those_of_another_implementation(AuthProtocol protocol, string key, string localized)
    {
        Assert.SkipUnless(protocol != AuthProtocol.HmacSha224 || Sha224.IsSupported, "This machine has no OpenSSL library.");
        The_examples_of_RFC_3414_come_out(protocol, key, localized);
    }

    [Fact]
    public void The_key_change_example_of_RFC_3414_A_5_has_the_keys_of_A_3()
    {
        // A.5.1 and A.5.2: from "maplesyrup" to "newsyrup", both localized with engine 0..2.
        var engine = Convert.FromHexString(Engine);
        string Localized(string password) =>
            Convert.ToHexStringLower(KeyMaker.Localize(AuthProtocol.HmacMd5, KeyMaker.KeyOf(AuthProtocol.HmacMd5, Encoding.UTF8.GetBytes(password)), engine));

        Assert.Equal("526f5eed9fcce26f8964c2930787d82b", Localized("maplesyrup"));
        Assert.Equal("87021d7bd9d101ba05ea6e3bf9d9bd4a", Localized("newsyrup"));
    }

    [Theory]
    [InlineData(AuthProtocol.HmacMd5, 16, 12)]
    [InlineData(AuthProtocol.HmacSha1, 20, 12)]
    [InlineData(AuthProtocol.HmacSha224, 28, 16)]
    [InlineData(AuthProtocol.HmacSha256, 32, 24)]
    [InlineData(AuthProtocol.HmacSha384, 48, 32)]
    [InlineData(AuthProtocol.HmacSha512, 64, 48)]
    public void Keys_and_macs_have_the_sizes_of_RFC_3414_and_RFC_7860(AuthProtocol protocol, int key, int mac)
        => Assert.Equal((key, mac), (UsmHash.SizeOf(protocol), UsmHash.MacSizeOf(protocol)));

    [Fact]
    public void Sha_224_is_that_of_FIPS_180()
    {
        Assert.SkipUnless(Sha224.IsSupported, "This machine has no OpenSSL library.");
        var hash = new byte[28];
        Sha224.Hash("abc"u8, hash);
        Assert.Equal("23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7", Convert.ToHexStringLower(hash));

        // RFC 4231 §4.3, test case 2.
        Sha224.Mac("Jefe"u8, "what do ya want for nothing?"u8, hash);
        Assert.Equal("a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44", Convert.ToHexStringLower(hash));
    }

    [Theory]
    [InlineData(PrivProtocol.Aes192)]
    [InlineData(PrivProtocol.Aes256)]
    [InlineData(PrivProtocol.Aes192Reeder)]
    [InlineData(PrivProtocol.Aes256Reeder)]
    [InlineData(PrivProtocol.Aes128)]
    [InlineData(PrivProtocol.Des)]
    public void What_is_encrypted_is_decrypted_and_never_twice_the_same(PrivProtocol priv)
    {
        using var keys = new KeyMaker().KeysOf(new UsmUser("perf", AuthProtocol.HmacMd5, "authpassword", priv, "privpassword"), Convert.FromHexString(Engine));
        foreach (var size in (int[])[1, 7, 8, 15, 16, 17, 100, 1_400])
        {
            var plain = Enumerable.Range(0, size).Select(i => (byte)i).ToArray();
            var (first, second) = (new byte[UsmKeys.RoundUp(size)], new byte[UsmKeys.RoundUp(size)]);
            var (salt, other) = (new byte[8], new byte[8]);
            keys.Encrypt(plain, 3, 4, first, salt);
            keys.Encrypt(plain, 3, 4, second, other);
            var back = new byte[UsmKeys.RoundUp(size)];

            Assert.NotEqual(salt, other);
            Assert.True(size < 4 || !first.AsSpan().SequenceEqual(second));
            Assert.True(keys.TryDecrypt(first.AsSpan(0, keys.CipherSize(size)), 3, 4, salt, back));
            Assert.Equal(plain, back[..size]);
        }
    }

    [Fact]
    public void Passwords_are_never_printed()
    {
        var user = new UsmUser("perf", AuthProtocol.HmacSha256, "authpassword", PrivProtocol.Aes128, "privpassword");
        var target = new SnmpTarget(new System.Net.IPEndPoint(1, 161)) { Security = new SnmpV3Security(user) };

        Assert.All((object[])[user, target.Security, target], thing => Assert.DoesNotContain("password", thing.ToString()!, StringComparison.Ordinal));
        Assert.DoesNotContain("password", System.Text.Json.JsonSerializer.Serialize(user), StringComparison.Ordinal);
    }

    [Fact]
    public void A_user_that_USM_does_not_allow_cannot_be_made()
    {
        Assert.Throws<ArgumentException>(() => new UsmUser("", AuthProtocol.None));
        Assert.Throws<ArgumentException>(() => new UsmUser("perf", AuthProtocol.HmacSha1, "short"));
        Assert.Throws<ArgumentException>(() => new UsmUser("perf", AuthProtocol.None, "", PrivProtocol.Aes128, "privpassword"));
    }
}
