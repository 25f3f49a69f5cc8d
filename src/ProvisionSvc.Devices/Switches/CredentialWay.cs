using System.Diagnostics;
using System.Runtime.ExceptionServices;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Devices.Switches;

/// <summary>One channel's logins, of which the first that the switch takes is used from then on.</summary>
internal sealed class CredentialWay<TLogin>
    where TLogin : class
{
    private readonly Channel _channel;
    private readonly Func<TLogin, bool> _canBeRefused;
    private readonly ICredentialBook _book;
    private readonly List<(int Generation, TLogin Login)> _untried;
    private (int Generation, TLogin Login)? _taken;
    private Exception? _refusal;

    public CredentialWay(Channel channel, IReadOnlyList<(int Generation, TLogin Login)> logins, int reached, Func<TLogin, bool> canBeRefused, ICredentialBook book)
    {
        (_channel, _canBeRefused, _book) = (channel, canBeRefused, book);

        // The same login under two numbers is one login, and proves the newer. The one that was taken last comes first, else the newest.
        var distinct = logins.Reverse().DistinctBy(l => l.Login).ToList();
        var last = logins.Where(l => l.Generation == reached).Select(l => l.Login).FirstOrDefault();
        _untried = [.. distinct.OrderByDescending(l => l.Login.Equals(last)).ThenByDescending(l => l.Generation)];
    }

    /// <summary>By the login that the switch has taken in this piece of work; else by the first that it takes.</summary>
    public Task<T> UseAsync<T>(Func<TLogin, Task<T>> use, CancellationToken ct) => _taken is { } taken ? UseTakenAsync(taken, use, ct) : FindAsync(use, ct);

    /// <summary>The login that the switch has taken in this piece of work.</summary>
    public TLogin Taken => _taken is { } taken
        ? taken.Login
        : throw new InvalidOperationException("Nothing is changed before it is known what the switch takes: read first.");

    public async Task<string?> WhyNotAsync(CancellationToken ct)
    {
        var why = default(string);
        foreach (var (generation, login) in _untried)
        {
            if (!_canBeRefused(login) || await _book.WhyNotAsync(_channel, generation, ct) is not { } stop)
            {
                return null;
            }

            why ??= stop;
        }

        return why;
    }

    private async Task<T> UseTakenAsync<T>((int Generation, TLogin Login) taken, Func<TLogin, Task<T>> use, CancellationToken ct)
    {
        try
        {
            return await use(taken.Login);
        }
        catch (Exception refused) when (IsRefusal(refused))
        {
            // Changed under our hands. The other one's turn is in the next piece of work.
            (_taken, _refusal) = (null, refused);
            _untried.Clear();
            await _book.EndAsync(_channel, null, [(taken.Generation, refused.Message)], ct);
            throw;
        }
    }

    private async Task<T> FindAsync<T>(Func<TLogin, Task<T>> use, CancellationToken ct)
    {
        var refused = new List<(int Generation, string Why)>();
        var silent = default(Exception);
        foreach (var attempt in _untried.ToList())
        {
            if (_canBeRefused(attempt.Login) && await _book.BeginAsync(_channel, attempt.Generation, refused.Count > 0, ct) is { } stop)
            {
                _refusal ??= new DeviceException(DeviceFault.AuthenticationFailed, stop);
                continue;
            }

            try
            {
                return await KeptAsync(attempt, await use(attempt.Login), refused, ct);
            }
            catch (Exception no) when (IsRefusal(no))
            {
                _untried.Remove(attempt);
                refused.Add((attempt.Generation, no.Message));
                _refusal ??= no;
            }
            catch (SnmpException answered) when (answered.ErrorStatus != SnmpErrorStatus.NoError)
            {
                await TakeAsync(attempt, refused, ct);
                throw;
            }
            catch (SnmpException unanswered) when (unanswered.Fault == SnmpFault.Timeout)
            {
                // What a wrong community looks like (RFC 3584 §5.2.1), and what a dead switch looks like.
                _book.Leave(_channel, attempt.Generation);
                silent ??= unanswered;
            }
            catch
            {
                _book.Leave(_channel, attempt.Generation);
                if (refused.Count > 0)
                {
                    // What was refused before is not forgotten because the switch went away then.
                    await _book.EndAsync(_channel, null, refused, CancellationToken.None);
                }

                throw;
            }
        }

        if (refused.Count > 0)
        {
            await _book.EndAsync(_channel, null, refused, ct);
        }

        ExceptionDispatchInfo.Throw(_refusal ?? silent ?? throw new InvalidOperationException("A credential has at least one generation."));
        throw new UnreachableException();
    }

    /// <summary>What was opened is closed again where it cannot be written down.</summary>
    private async Task<T> KeptAsync<T>((int Generation, TLogin Login) attempt, T opened, List<(int Generation, string Why)> refused, CancellationToken ct)
    {
        try
        {
            await TakeAsync(attempt, refused, ct);
            return opened;
        }
        catch when (opened is IAsyncDisposable session)
        {
            await session.DisposeAsync();
            throw;
        }
    }

    private async Task TakeAsync((int Generation, TLogin Login) attempt, List<(int Generation, string Why)> refused, CancellationToken ct)
    {
        _taken = attempt;
        await _book.EndAsync(_channel, attempt.Generation, refused, ct);
    }

    private static bool IsRefusal(Exception e) =>
        e is DeviceException { Fault: DeviceFault.AuthenticationFailed } or SnmpException { Fault: SnmpFault.AuthenticationFailed };
}
