-- When changes may begin. The version grows with every change of what processes keep in memory of it.
create table timetable (
    one     boolean primary key default true check (one),
    version bigint not null
);
insert into timetable (version) values (1);

-- scope and target_id: district number, or id of node, building, switch; 0 for everything. target is its name, for people.
create table pause (
    id        bigint generated always as identity primary key,
    scope     text not null check (scope in ('all', 'node', 'building', 'switch')),
    target_id bigint not null,
    target    text not null,
    who       text not null,
    why       text not null,
    since     timestamptz not null,
    ended_at  timestamptz,
    ended_by  text
);
create unique index pause_one_open on pause (scope, target_id) where ended_at is null;

create table change_freeze (
    id           bigint generated always as identity primary key,
    scope        text not null check (scope in ('all', 'district', 'node', 'building')),
    target_id    bigint not null,
    target       text not null,
    starts_at    timestamptz not null,
    ends_at      timestamptz not null check (ends_at > starts_at),
    except_roles text[] not null,
    who          text not null,
    why          text not null,
    created_at   timestamptz not null,
    ended_at     timestamptz,
    ended_by     text
);
create index change_freeze_open on change_freeze (ends_at) where ended_at is null;

-- Weekly (weekdays 0 = Sunday, from, until) or by cron (when it opens, and how long).
create table change_window (
    id         bigint generated always as identity primary key,
    name       text not null,
    scope      text not null check (scope in ('all', 'district', 'node', 'building')),
    target_id  bigint not null,
    target     text not null,
    zone       text not null,
    day_kind   text not null check (day_kind in ('any', 'working', 'nonWorking')),
    weekdays   int[],
    opens      time,
    closes     time,
    cron       text,
    lasts      interval,
    actions    text[] not null,
    who        text not null,
    created_at timestamptz not null,
    removed_at timestamptz,
    removed_by text,
    check ((cron is null) = (weekdays is not null and opens is not null and closes is not null) and (cron is null) = (lasts is null))
);
create unique index change_window_name on change_window (name) where removed_at is null;

-- Days that are not as Monday to Friday says.
create table calendar_day (
    day    date primary key,
    worked boolean not null,
    name   text not null
);

-- Changes a node takes in a minute; null: as the setting says. The next free turn, given out one after the other.
alter table node add column pace_per_minute int check (pace_per_minute > 0);
create table node_turn (
    node_id bigint primary key references node,
    next_at timestamptz not null
);
alter table order_item add column turn_at timestamptz;

-- More darkening for a while, granted by somebody; never spent by the same person's orders.
create table budget_raise (
    id           bigint generated always as identity primary key,
    per_hour     int not null check (per_hour >= 0),
    per_building int not null check (per_building >= 0),
    until        timestamptz not null,
    who          text not null,
    why          text not null,
    at           timestamptz not null,
    ended_at     timestamptz,
    ended_by     text
);
create index budget_raise_open on budget_raise (until) where ended_at is null;

-- When a waiting order is looked at again.
alter table service_order add column look_at timestamptz;
