-- What the field work said, and what an approval has settled: where the line is lit.
alter table service_order
    add column settled_switch  text,
    add column settled_if_name text,
    add column settled_vlan    int,
    add column answered_by     text,
    add column answered_at     timestamptz;

-- One row each time an order is put before its approvers. The plans are those that were shown; only they run.
create table approval (
    order_id   bigint not null references service_order,
    round      int not null,
    role       text not null,
    needed     int not null check (needed > 0),
    asked_at   timestamptz not null,
    expires_at timestamptz not null,
    plan_at    timestamptz not null,
    plans      jsonb,
    hash       text,
    difference text,
    problem    text,
    ended_at   timestamptz,
    outcome    text check (outcome in ('approved', 'rejected', 'expired', 'moot')),
    ended_by   text,
    why        text,
    primary key (order_id, round)
);
create index approval_open on approval (expires_at) where ended_at is null;

create table approval_vote (
    order_id bigint not null,
    round    int not null,
    who      text not null,
    at       timestamptz not null,
    primary key (order_id, round, who),
    foreign key (order_id, round) references approval
);

-- The plan that may run; null where none was approved, and any may.
alter table order_item add column approved_hash text;
