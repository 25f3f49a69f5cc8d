using Renci.SshNet;

namespace ProvisionSvc.Devices.Terminal.Ssh;

/// <summary>Several ways to say the same password, of which only the first that the device allows is tried.</summary>
internal sealed class OnceOnly
{
    private bool _tried;

    public AuthenticationMethod Wrap(AuthenticationMethod inner) => new Method(this, inner);

    private sealed class Method(OnceOnly once, AuthenticationMethod inner) : AuthenticationMethod(inner.Username)
    {
        public override string Name => inner.Name;

        public override AuthenticationResult Authenticate(Session session)
        {
            if (once._tried)
            {
                return AuthenticationResult.Failure;
            }

            once._tried = true;
            var result = inner.Authenticate(session);
            AllowedAuthentications = inner.AllowedAuthentications;
            return result;
        }

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
