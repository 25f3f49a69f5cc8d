-- What happened is written down by the tables it happened to, in the transaction of the fact: no statement can forget it, and it costs no round trip.
-- (docs/adr/0060-tables-write-their-own-events.md)

-- Nobody was told of what lies here: there was nobody to tell.
delete from outbox;
alter table outbox
    alter column payload drop not null,
    add column order_id bigint,
    add column item_id  bigint;

-- The outbox in the order in which its rows were committed: one process at a time moves them here, so that a reader who has seen a sequence number has
-- seen all below it. What they are about (district, port) is added then, outside of the transaction of the fact.
create table event (
    sequence bigint generated always as identity primary key,
    at       timestamptz not null,
    kind     text not null,
    subject  text not null,
    order_id bigint,
    district int,
    payload  jsonb not null
);
create index event_order on event (order_id, sequence) where order_id is not null;
create index event_at on event (at);

create table webhook (
    id         bigint generated always as identity primary key,
    name       text not null unique,
    url        text not null,
    -- Patterns of LIKE.
    kinds      text[] not null,
    subjects   text not null,
    districts  int[] not null,
    generation int not null,
    secret     bytea not null,
    created_by text not null,
    created_at timestamptz not null,
    delivered  bigint not null default 0,
    last_at    timestamptz,
    last_error text
);

-- What a webhook has yet to be told. Told: the row is gone.
create table webhook_delivery (
    webhook_id bigint not null references webhook on delete cascade,
    sequence   bigint not null references event,
    subject    text not null,
    attempts   int not null default 0,
    next_at    timestamptz not null,
    dead_at    timestamptz,
    error      text,
    primary key (webhook_id, sequence)
);
create index webhook_delivery_due on webhook_delivery (next_at) where dead_at is null;
create index webhook_delivery_turn on webhook_delivery (webhook_id, subject, sequence) where dead_at is null;
create index webhook_delivery_event on webhook_delivery (sequence);

create function tell_orders_accepted() returns trigger language plpgsql as $$
begin
    insert into outbox (at, kind, order_id, payload)
    select clock_timestamp(), e.kind, e.id, jsonb_build_object('state', e.state, 'reason', e.reason)
    from (select 'order.accepted' as kind, id, state, reason, 1 as turn from fresh
          union all select 'order.ended', id, state, reason, 2 from fresh where finished_at is not null) e
    order by e.id, e.turn;
    return null;
end
$$;
create trigger tell_accepted after insert on service_order referencing new table as fresh for each statement execute function tell_orders_accepted();

create function tell_order_changed() returns trigger language plpgsql as $$
begin
    insert into outbox (at, kind, order_id, payload)
    values (clock_timestamp(), case when new.finished_at is null then 'order.changed' else 'order.ended' end, new.id,
            jsonb_build_object('state', new.state, 'reason', new.reason, 'detail', left(new.detail, 500)));
    return null;
end
$$;
create trigger tell_changed after update on service_order for each row
    when (old.state is distinct from new.state or old.reason is distinct from new.reason) execute function tell_order_changed();

create function tell_item_changed() returns trigger language plpgsql as $$
begin
    insert into outbox (at, kind, order_id, item_id, payload)
    values (clock_timestamp(),
            'item.' || case new.state when 'inProgress' then case when new.reason is null then 'started' else 'waiting' end
                                      when 'pending' then 'waiting' when 'held' then 'waiting' when 'acknowledged' then 'ready' else new.state end,
            new.order_id, new.id, jsonb_build_object('state', new.state, 'reason', new.reason, 'detail', left(new.detail, 500)));
    return null;
end
$$;
create trigger tell_changed after update on order_item for each row
    when (old.state is distinct from new.state or old.reason is distinct from new.reason) execute function tell_item_changed();

create function tell_line_ended() returns trigger language plpgsql as $$
begin
    insert into outbox (at, kind, order_id, item_id, payload)
    values (clock_timestamp(), 'line.' || new.outcome, new.order_id, new.item_id,
            jsonb_build_object('channel', new.channel, 'field', new.field, 'line', left(new.line, 500), 'before', new.before, 'after', new.after));
    return null;
end
$$;
create trigger tell_ended after update on step_journal for each row
    when (old.outcome is null and new.outcome is not null) execute function tell_line_ended();
