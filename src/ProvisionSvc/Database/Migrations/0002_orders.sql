-- Orders and what runs them. The table is the truth; pokes and ticks are hints.
create table service_order (
    id              bigint generated always as identity primary key,
    client          text not null,
    external_id     text not null,
    body_hash       bytea not null,
    body            jsonb not null,
    action          text not null,
    hold_kind       text,
    service_id      bigint references service,
    circuit_id      text not null,
    placed_by       text not null,
    why             text,
    state           text not null,
    reason          text,
    detail          text,
    requested_start timestamptz,
    created_at      timestamptz not null,
    finished_at     timestamptz,
    released_by     text,
    unique (client, external_id)
);
create index on service_order (circuit_id, id desc);
create index on service_order (state) where finished_at is null;

create table order_item (
    id             bigint generated always as identity primary key,
    order_id       bigint not null references service_order,
    sequence       int not null,
    switch_id      bigint not null references switch,
    port_id        bigint not null references port,
    building_id    bigint not null references building,
    depends_on     bigint references order_item,
    precedence     int not null,
    darkens        boolean not null,
    state          text not null,
    reason         text,
    detail         text,
    not_before     timestamptz not null,
    attempts       int not null default 0,
    crashes        int not null default 0,
    begun_at       timestamptz,
    intent_version int not null,
    plan           jsonb,
    proof          jsonb,
    finished_at    timestamptz,
    created_at     timestamptz not null,
    unique (order_id, sequence)
);
create index order_item_open on order_item (switch_id, precedence, id) where finished_at is null;
create index order_item_port on order_item (port_id) where finished_at is null;
create index order_item_darkens on order_item (created_at) where darkens;

-- One per switch: who may talk to it now, and since which epoch.
create table lane (
    switch_id     bigint primary key references switch,
    due_at        timestamptz,
    epoch         bigint not null default 0,
    owner         text,
    lease_until   timestamptz,
    locked_reason text,
    locked_at     timestamptz
);
create index lane_due on lane (due_at) where due_at is not null;

-- Committed before the line leaves; the outcome is written when it is known. Outcome null after a crash means Unknown.
create table step_journal (
    id         bigint generated always as identity primary key,
    item_id    bigint not null references order_item,
    order_id   bigint not null references service_order,
    switch_id  bigint not null references switch,
    epoch      bigint not null,
    local_port int,
    channel    text not null,
    field      text not null,
    line       text not null,
    before     text,
    after      text,
    who        text not null,
    why        text,
    intent_at  timestamptz not null,
    outcome    text,
    output     text,
    outcome_at timestamptz
);
create index on step_journal (item_id);

create table alarm (
    id              bigint generated always as identity primary key,
    key             text not null,
    severity        text not null check (severity in ('warning', 'major', 'critical')),
    what            text not null,
    remedy          text not null,
    raised_at       timestamptz not null,
    last_raised_at  timestamptz not null,
    times           int not null default 1,
    acknowledged_by text,
    acknowledged_at timestamptz,
    cleared_at      timestamptz
);
create unique index alarm_one_open on alarm (key) where cleared_at is null;

-- Append only for the service's role.
create table audit (
    id     bigint generated always as identity primary key,
    at     timestamptz not null,
    who    text not null,
    action text not null,
    object text not null,
    detail jsonb not null
);

-- What happened, for those who will be told (webhooks); written in the same transaction as the fact.
create table outbox (
    id      bigint generated always as identity primary key,
    at      timestamptz not null,
    kind    text not null,
    payload jsonb not null
);

create table billing_event (
    event_id    text primary key,
    account     text not null,
    kind        text not null,
    occurred_at timestamptz not null,
    received_at timestamptz not null,
    consequence text not null
);

create table api_token (
    name       text primary key,
    role       text not null,
    districts  int[] not null,
    hash       bytea not null unique,
    created_at timestamptz not null,
    created_by text not null,
    revoked_at timestamptz
);

-- Sweeps by their nominal time, so that a tick fired twice plans once; shards are claimed rows.
create table sweep (
    id          bigint generated always as identity primary key,
    nominal_at  timestamptz not null unique,
    planned     int not null,
    finished_at timestamptz
);
create table sweep_shard (
    id         bigint generated always as identity primary key,
    sweep_id   bigint not null references sweep on delete cascade,
    switch_ids bigint[] not null,
    claimed_by text,
    claimed_at timestamptz,
    done_at    timestamptz,
    answered   int,
    silent     int
);
create index sweep_shard_open on sweep_shard (id) where done_at is null;
