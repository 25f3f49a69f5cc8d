-- An order that has ended is written down once, whole. A row without a document is due.
create table evidence (
    order_id bigint primary key references service_order,
    -- JSON under brotli.
    document bytea,
    kept_at  timestamptz
);
create index evidence_due on evidence (order_id) where document is null;

-- What was said in sessions, of each item, until it has become part of the evidence.
create table conversation (
    id       bigint generated always as identity primary key,
    item_id  bigint not null references order_item,
    epoch    bigint not null,
    part     text not null,
    kept_at  timestamptz not null,
    -- Text under brotli.
    said     bytea not null
);
create index on conversation (item_id);

create function owe_evidence() returns trigger language plpgsql as $$
begin
    insert into evidence (order_id) values (new.id) on conflict do nothing;
    return null;
end
$$;
create trigger owe_evidence after update on service_order for each row
    when (old.finished_at is null and new.finished_at is not null) execute function owe_evidence();
create trigger owe_evidence_at_once after insert on service_order for each row when (new.finished_at is not null) execute function owe_evidence();
insert into evidence (order_id) select id from service_order where finished_at is not null;

-- ITU-T X.733 severities, and what became of each alarm.
alter table alarm drop constraint alarm_severity_check;
alter table alarm add constraint alarm_severity_check check (severity in ('indeterminate', 'warning', 'minor', 'major', 'critical'));
create index alarm_key on alarm (key, id);

create table alarm_history (
    id       bigint generated always as identity primary key,
    alarm_id bigint not null references alarm,
    at       timestamptz not null,
    what     text not null check (what in ('raised', 'changed', 'acknowledged', 'cleared')),
    who      text,
    severity text not null,
    text     text not null
);
create index on alarm_history (alarm_id);
revoke update, delete, truncate on alarm_history from provision_service;

create function note_alarm() returns trigger language plpgsql as $$
declare
    said text := case when tg_op = 'INSERT' then 'raised'
                      when old.cleared_at is null and new.cleared_at is not null then 'cleared'
                      when old.acknowledged_at is null and new.acknowledged_at is not null then 'acknowledged'
                      else 'changed' end;
    moment timestamptz := case said when 'cleared' then new.cleared_at when 'acknowledged' then new.acknowledged_at else new.last_raised_at end;
begin
    insert into alarm_history (alarm_id, at, what, who, severity, text)
    values (new.id, moment, said, case said when 'acknowledged' then new.acknowledged_by end, new.severity, new.what);
    insert into outbox (at, kind, payload)
    values (moment, 'alarm.' || said, jsonb_build_object(
        'id', new.id, 'key', new.key, 'severity', new.severity, 'what', left(new.what, 1000), 'remedy', left(new.remedy, 1000), 'raisedAt', new.raised_at,
        'lastRaisedAt', new.last_raised_at, 'times', new.times, 'acknowledgedBy', new.acknowledged_by, 'clearedAt', new.cleared_at));
    return null;
end
$$;
create trigger note_raised after insert on alarm for each row execute function note_alarm();
-- Raised again with the same words: counted in the alarm, no news.
create trigger note_changed after update on alarm for each row
    when (old.severity <> new.severity or old.what <> new.what
          or (old.cleared_at is null) <> (new.cleared_at is null) or (old.acknowledged_at is null) <> (new.acknowledged_at is null))
    execute function note_alarm();
insert into alarm_history (alarm_id, at, what, severity, text) select id, raised_at, 'raised', severity, what from alarm;
insert into alarm_history (alarm_id, at, what, who, severity, text)
    select id, acknowledged_at, 'acknowledged', acknowledged_by, severity, what from alarm where acknowledged_at is not null;
insert into alarm_history (alarm_id, at, what, severity, text) select id, cleared_at, 'cleared', severity, what from alarm where cleared_at is not null;
