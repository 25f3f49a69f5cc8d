using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Output;

/// <summary>A plan as a difference (per field what goes and what comes, then the lines the switch will be sent), or as those lines alone.</summary>
internal static class PlanText
{
    public static void PortPlan(this Screen screen, PortPlanView view, PlanShape shape)
    {
        screen.Plans([view.Plan], [view.Reverse], shape);
        if (view.Note is { } note)
        {
            screen.Line(note);
        }
    }

    private static void Plans(this Screen screen, IReadOnlyList<PlanView> plans, IReadOnlyList<PlanView> reverse, PlanShape shape)
    {
        foreach (var plan in plans)
        {
            screen.Plan(plan, shape);
        }

        foreach (var back in shape.IsReversed ? reverse : [])
        {
            screen.Line();
            screen.Line(("the way back:", "回退："));
            screen.Plan(back, shape);
            if (back.Stays is { } stays)
            {
                screen.Line(
                    ($"  stays as planned, because what was there is not known or is never typed: {string.Join(", ", stays)}",
                     $"  保持变更后的值（原值未知或不可输入）：{string.Join("、", stays)}"), Tone.Waiting);
            }
        }
    }

    public static void Plan(this Screen screen, PlanView plan, PlanShape shape = default)
    {
        if (shape.IsNative)
        {
            screen.Native(plan);
            return;
        }

        screen.Line($"{plan.Switch} {plan.IfName}  {plan.Template}  {plan.Hash}", Tone.Strong);
        if (plan.Steps.Count == 0)
        {
            screen.Line(("  already so: nothing to change", "  已符合要求：无需变更"), Tone.Faint);
        }

        if (plan.Darkens)
        {
            screen.Line(("  this darkens a lit port", "  此变更将关闭在用端口"), Tone.Waiting);
        }

        screen.Lines(plan.Begin);
        foreach (var step in plan.Steps)
        {
            screen.Line($"  {step.Field}:");
            screen.Line($"    - {step.Before ?? screen.Say(NotSet)}", Tone.Bad);
            screen.Line($"    + {step.After ?? screen.Say(NotSet)}", Tone.Good);
            foreach (var line in step.Lines)
            {
                screen.Line($"      {line}", Tone.Faint);
            }
        }

        screen.Lines(plan.Commit);
        if (plan.Keep is { } keep)
        {
            screen.Line(("  once it is proven, or the switch returns by itself to what was before:", "  验证通过后保留；否则交换机自动恢复原配置："));
            screen.Lines(keep);
        }
    }

    private static void Lines(this Screen screen, IReadOnlyList<string>? lines)
    {
        foreach (var line in lines ?? [])
        {
            screen.Line($"  {line}", Tone.Faint);
        }
    }

    private static void Native(this Screen screen, PlanView plan)
    {
        screen.Line($"{plan.Switch} {plan.IfName}", Tone.Strong);
        foreach (var line in (IEnumerable<string>)[.. plan.Begin ?? [], .. plan.Steps.SelectMany(s => s.Lines), .. plan.Commit ?? [], .. plan.Keep ?? []])
        {
            screen.Line($"  {line}");
        }
    }

    public static void DryRun(this Screen screen, DryRunView dryRun, PlanShape shape)
    {
        screen.Plans(dryRun.Plans, dryRun.Reverse ?? [], shape);

        if (dryRun.Note is { } note)
        {
            screen.Line(note);
        }

        if (HasChanges(dryRun))
        {
            screen.Line(
                ($"dry run: {dryRun.Action} {dryRun.Service} would change this; nothing was written",
                 $"试运行：{dryRun.Action} {dryRun.Service} 将作以上变更；未写入任何内容"), Tone.Waiting);
        }
        else
        {
            screen.Line(
                ($"dry run: {dryRun.Action} {dryRun.Service} would change nothing on a switch",
                 $"试运行：{dryRun.Action} {dryRun.Service} 不会变更任何交换机"), Tone.Good);
        }
    }

    public static bool HasChanges(DryRunView dryRun) => dryRun.Plans.Any(p => p.Steps.Count > 0);

    private static readonly Words NotSet = ("(not set)", "（未设置）");
}
