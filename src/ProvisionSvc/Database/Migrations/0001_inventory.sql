-- The nouns of the business and of the network. Names are the keys that people use; ids are ours.
create table district (
    number int primary key check (number between 1 and 99),
    name   text not null
);

create table node (
    id               bigint generated always as identity primary key,
    name             text not null unique,
    district         int not null references district,
    uplink_kbps      bigint not null check (uplink_kbps > 0),
    oversubscription numeric(6, 2) not null check (oversubscription >= 1),
    vlan_first       int not null check (vlan_first between 1 and 4094),
    vlan_last        int not null check (vlan_last between 1 and 4094),
    check (vlan_first <= vlan_last)
);

create table building (
    id       bigint generated always as identity primary key,
    name     text not null unique,
    address  text not null,
    district int not null references district,
    node_id  bigint not null references node
);
create index on building (node_id);

-- Secrets are ciphertext here; the key lies outside the database.
create table credential (
    name        text primary key,
    user_name   text not null,
    generation  int not null,
    ciphertext  bytea not null,
    updated_at  timestamptz not null
);

create table switch (
    id                bigint generated always as identity primary key,
    name              text not null unique,
    building_id       bigint not null references building,
    template          text not null,
    address           inet not null,
    snmp_port         int not null check (snmp_port between 1 and 65535),
    ssh_port          int not null check (ssh_port between 1 and 65535),
    credential        text not null,
    serial            text,
    host_key_sha256   text,
    mode              text not null default 'observe' check (mode in ('observe', 'manage', 'maintenance')),
    maintenance_until timestamptz,
    admin_status_by   text not null default 'terminal' check (admin_status_by in ('terminal', 'snmp')),
    unsaved_since     timestamptz,
    last_polled_at    timestamptz,
    last_answer_at    timestamptz,
    misses            int not null default 0,
    sys_descr         text,
    unique (address, ssh_port)
);
create index on switch (building_id);

-- A port is known by its ifName; ifIndex and everything seen are cached facts.
create table port (
    id            bigint generated always as identity primary key,
    switch_id     bigint not null references switch,
    if_name       text not null,
    role          text not null check (role in ('customer', 'uplink', 'reserved')),
    speed_kbps    bigint,
    if_index      bigint,
    seen_admin    text,
    seen_oper     text,
    seen_alias    text,
    seen_vlan     int,
    seen_speed_kbps bigint,
    in_octets     numeric(20),
    out_octets    numeric(20),
    read_at       timestamptz,
    missing_since timestamptz,
    unique (switch_id, if_name)
);

create table link (
    id         bigint generated always as identity primary key,
    name       text not null unique,
    switch_id  bigint not null references switch,
    node_id    bigint not null references node,
    speed_kbps bigint not null check (speed_kbps > 0)
);
create index on link (switch_id);

-- More than one port makes the link a LAG (802.1AX).
create table link_port (
    link_id bigint not null references link on delete cascade,
    port_id bigint not null unique references port,
    primary key (link_id, port_id)
);

create table customer (
    id      bigint generated always as identity primary key,
    code    text not null unique,
    name    text not null,
    segment text not null check (segment in ('group', 'large', 'chain', 'small', 'micro'))
);

create table account (
    id               bigint generated always as identity primary key,
    number           text not null unique,
    customer_id      bigint not null references customer,
    district         int not null references district,
    monthly_value    numeric(14, 2),
    billing_event_at timestamptz
);

create table service_group (
    id          bigint generated always as identity primary key,
    name        text not null unique,
    customer_id bigint not null references customer
);

create table service (
    id             bigint generated always as identity primary key,
    circuit_id     text not null unique,
    account_id     bigint not null references account,
    building_id    bigint not null references building,
    group_id       bigint references service_group,
    rate_down_kbps bigint not null check (rate_down_kbps > 0),
    rate_up_kbps   bigint not null check (rate_up_kbps > 0),
    state          text not null check (state in ('feasibilityChecked', 'designed', 'reserved', 'inactive', 'active', 'terminated'))
);
create index on service (account_id);

create table service_attachment (
    id             bigint generated always as identity primary key,
    service_id     bigint not null references service,
    port_id        bigint not null references port,
    vlan           int not null check (vlan between 1 and 4094),
    tagged         boolean not null default false,
    rate_down_kbps bigint not null,
    rate_up_kbps   bigint not null,
    rate_elsewhere boolean not null default false,
    since          timestamptz not null default now(),
    ended_at       timestamptz
);
create index on service_attachment (service_id);
-- Until a template can do trunks a port carries one attachment.
create unique index service_attachment_one_per_port on service_attachment (port_id) where ended_at is null;

create table hold (
    id          bigint generated always as identity primary key,
    service_id  bigint not null references service,
    kind        text not null check (kind in ('unpaid', 'customer', 'abuse', 'regulator', 'engineering')),
    owner       text not null,
    reason      text not null,
    since       timestamptz not null,
    until       timestamptz,
    released_at timestamptz,
    released_by text
);
create unique index hold_one_of_a_kind on hold (service_id, kind) where released_at is null;

-- What a port should be, derived, with a version that only grows. `expected` is what the template says the device will show.
create table port_intent (
    port_id      bigint primary key references port,
    version      int not null,
    admin_status text not null,
    access_vlan  int,
    rate_down_kbps bigint,
    rate_up_kbps bigint,
    alias        text,
    rates_elsewhere boolean not null,
    expected     jsonb not null,
    derived_at   timestamptz not null
);

create table port_event (
    id      bigint generated always as identity primary key,
    port_id bigint not null references port,
    kind    text not null,
    before  text,
    after   text,
    at      timestamptz not null
);
create index on port_event (port_id, id desc);

create table drift (
    id        bigint generated always as identity primary key,
    port_id   bigint not null references port,
    class     text not null,
    expected  text,
    seen      text,
    since     timestamptz not null,
    last_seen timestamptz not null,
    cleared_at timestamptz
);
create unique index drift_one_open on drift (port_id, class) where cleared_at is null;
