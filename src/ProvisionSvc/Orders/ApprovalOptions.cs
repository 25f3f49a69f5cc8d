using System.ComponentModel.DataAnnotations;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Orders;

/// <summary>Section <c>Approvals</c>.</summary>
internal sealed class ApprovalOptions : IValidatableObject
{
    /// <summary>Which orders need approval; the first that fits counts. None: no order does.</summary>
    public IReadOnlyList<ApprovalRuleOptions> Rules { get; set; } = [];

    public IReadOnlyList<ApprovalRule> Policy => [.. Rules.Select(r => new ApprovalRule(r.Action, r.MinMbps, r.MinItems, r.Approvers, r.Role, r.Expiry))];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (rule, n) in Rules.Select((r, n) => (r, n)))
        {
            if (rule.Action == "resume" || (rule.Action != "*" && !ParseOrder.Actions.Contains(rule.Action)))
            {
                yield return new($"Approvals:Rules:{n}:Action is \"{rule.Action}\"; known are *, {string.Join(", ", ParseOrder.Actions.Except(["resume"]))}. A restoration needs no approval.");
            }

            if (!Roles.All.Contains(rule.Role) || rule.Role is Roles.Auditor or Roles.Sales or Roles.Building)
            {
                yield return new($"Approvals:Rules:{n}:Role is \"{rule.Role}\"; known are business, engineering, administrator.");
            }

            if (rule.Approvers is < 1 or > 10 || rule.Expiry < TimeSpan.FromSeconds(1))
            {
                yield return new($"Approvals:Rules:{n}: Approvers is 1 to 10, Expiry a second or more.");
            }
        }
    }
}

/// <summary>One rule as settings say it.</summary>
internal sealed class ApprovalRuleOptions
{
    public string Action { get; set; } = "*";

    public decimal MinMbps { get; set; }

    public int MinItems { get; set; } = 1;

    public int Approvers { get; set; } = 1;

    public string Role { get; set; } = Roles.Engineering;

    public TimeSpan Expiry { get; set; } = TimeSpan.FromDays(7);
}
