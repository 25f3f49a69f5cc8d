namespace ProvisionSvc.Core.Orders;

/// <summary>The states of a service order and of its items (TMF641).</summary>
public enum OrderState
{
    Acknowledged,
    InProgress,
    Held,
    Pending,
    Completed,
    Failed,
    Partial,
    Cancelled,
    Rejected,
}

/// <summary>The state of an order, from its items.</summary>
public static class OrderStates
{
    public static bool IsFinal(OrderState state) =>
        state is OrderState.Completed or OrderState.Failed or OrderState.Partial or OrderState.Cancelled or OrderState.Rejected;

    /// <summary>An order is as far as its least finished item; when all have ended, partial says that some failed.</summary>
    public static OrderState Of(IReadOnlyCollection<OrderState> items)
    {
        OrderState[] waiting = [OrderState.InProgress, OrderState.Pending, OrderState.Held];
        foreach (var state in waiting)
        {
            if (items.Contains(state))
            {
                return state;
            }
        }

        if (items.Contains(OrderState.Acknowledged))
        {
            return items.All(i => i is OrderState.Acknowledged or OrderState.Cancelled) ? OrderState.Acknowledged : OrderState.InProgress;
        }

        return items.Count == 0 || items.All(i => i == OrderState.Completed) ? OrderState.Completed
            : items.All(i => i == OrderState.Cancelled) ? OrderState.Cancelled
            : items.Any(i => i == OrderState.Completed) ? OrderState.Partial
            : OrderState.Failed;
    }
}

/// <summary>Why an order or item is in its state: a stable code with a sentence in both languages.</summary>
public sealed record Reason(string Code, string English, string Chinese);

/// <summary>The one table of reason codes.</summary>
public static class Reasons
{
    public static readonly Reason Unreachable = new("device-unreachable", "The switch does not answer; it is tried again.", "交换机无应答，将自动重试。");
    public static readonly Reason SessionLimit = new("session-limit", "The switch has no free login session; it is tried again.", "交换机登录会话已满，将自动重试。");
    public static readonly Reason Interrupted = new("interrupted", "The session broke; the switch is read again before anything else.", "会话中断，将先重新读取交换机。");
    public static readonly Reason Budget = new("budget", "Too many lit ports would go dark; a second person must release it.", "关闭端口数量超出限额，需第二人放行。");
    public static readonly Reason Maintenance = new("maintenance", "The switch is in maintenance.", "交换机处于维护状态。");
    public static readonly Reason Observed = new("observed", "The switch is only observed; adopt its services first (provision service adopt).", "交换机仅处于观察模式，请先接管其业务。");
    public static readonly Reason LaneLocked = new("lane-locked", "The switch is locked until a person has looked at it.", "交换机已锁定，需人工检查。");
    public static readonly Reason Scheduled = new("scheduled", "The requested start has not come.", "未到预约时间。");
    public static readonly Reason Unsaved = new("unsaved", "The change works and is proven, but the switch has not saved it; it is tried again.", "变更已生效并已验证，但配置尚未保存，将自动重试。");
    public static readonly Reason RejectedByDevice = new("rejected-by-device", "The switch refused a line; what was done before it was taken back.", "交换机拒绝了命令，此前的变更已回退。");
    public static readonly Reason NotProven = new("not-proven", "The switch does not show what was ordered; the change was taken back.", "交换机状态与订单不符，变更已回退。");
    public static readonly Reason PlanRefused = new("plan-refused", "No plan can be made for this port.", "无法为该端口生成执行计划。");
    public static readonly Reason NeedsPerson = new("needs-person", "It could neither be finished nor taken back; a person must look at the switch.", "无法完成也无法回退，需人工处理。");
    public static readonly Reason HostKey = new("host-key", "The switch's SSH host key is not the trusted one (provision switch trust).", "交换机SSH主机密钥不受信任。");
    public static readonly Reason Credential = new("credential", "The switch refused the credential.", "交换机拒绝登录凭据。");
    public static readonly Reason Engine = new("snmp-engine", "Another SNMP engine answers than the pinned one (provision switch trust-engine).", "应答的SNMP引擎与登记的不符。");
    public static readonly Reason OutsidePrefix = new("outside-prefix", "The switch's address is outside the management prefixes.", "交换机地址不在管理网段内。");
    public static readonly Reason TemplateMissing = new("template-missing", "The switch's template is not loaded.", "未加载该交换机的设备模板。");
    public static readonly Reason Predecessor = new("predecessor", "It begins when the item before it is proven.", "待前一子项验证通过后开始。");
    public static readonly Reason PredecessorFailed = new("predecessor-failed", "The item before it did not complete; nothing was done here.", "前一子项未完成，此处未做任何变更。");
    public static readonly Reason Superseded = new("superseded", "A newer order made it pointless.", "已被更新的订单取代。");
    public static readonly Reason Cancelled = new("cancelled", "Cancelled on request.", "已按要求取消。");
    public static readonly Reason Proven = new("proven", "Done, and proven by reading the switch.", "已完成，并经读取交换机验证。");
    public static readonly Reason DarkByHold = new("dark-by-hold", "Done and proven; the line stays dark because another hold stands.", "已完成并验证；因仍有其他停机原因，线路保持关闭。");
    public static readonly Reason Crashed = new("quarantined", "It ended its worker three times; a person must look.", "该任务多次导致执行进程退出，已隔离，需人工处理。");

    public static readonly Reason Window = new("window", "Outside the change window; it opens:", "不在变更窗口内，开放时间：");
    public static readonly Reason Freeze = new("freeze", "Changes are frozen until:", "变更冻结，截止：");
    public static readonly Reason Stopped = new("stopped", "Everything was stopped by:", "已全部停止，操作人：");
    public static readonly Reason Paused = new("paused", "Paused by:", "已暂停，操作人：");
    public static readonly Reason Pacing = new("pacing", "The node takes so many changes a minute; its turn comes:", "机房节点每分钟变更数受限，轮到时间：");
    public static readonly Reason Behind = new("behind", "Behind another order on the same switch:", "排在同一交换机的其他订单之后：");
    public static readonly Reason FieldAnswer = new("field-answer", "The field work has not said yet on which switch and port the fibre landed (provision order answer).", "等待施工人员回填光纤所接的交换机和端口。");
    public static readonly Reason Approval = new("approval", "It waits for approval (provision order approve):", "等待审批：");
    public static readonly Reason NotApproved = new("not-approved", "Approval was refused by:", "审批未通过，审批人：");
    public static readonly Reason ApprovalExpired = new("approval-expired", "Nobody approved it in time.", "审批超时，已取消。");

    /// <summary>All reasons by code.</summary>
    public static IReadOnlyDictionary<string, Reason> All { get; } = new[]
    {
        Unreachable, SessionLimit, Interrupted, Budget, Maintenance, Observed, LaneLocked, Scheduled, Unsaved, RejectedByDevice, NotProven, PlanRefused,
        NeedsPerson, HostKey, Credential, Engine, OutsidePrefix, TemplateMissing, Predecessor, PredecessorFailed, Superseded, Cancelled, Proven, DarkByHold, Crashed,
        Window, Freeze, Stopped, Paused, Pacing, Behind, FieldAnswer, Approval, NotApproved, ApprovalExpired,
    }.ToDictionary(r => r.Code);
}
