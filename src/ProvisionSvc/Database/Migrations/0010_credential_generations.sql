-- Two generations of a credential may stand while switches are changed from one to the other; what each switch said to them.

create table credential_generation (
    name        text not null references credential,
    generation  int not null,
    user_name   text not null,
    snmp        text not null check (snmp in ('v2c', 'v3')),
    ciphertext  bytea not null,
    set_at      timestamptz not null,
    blocked_at  timestamptz,
    primary key (name, generation)
);

comment on column credential_generation.blocked_at is 'several switches have refused it: it is tried on no further one';

insert into credential_generation (name, generation, user_name, snmp, ciphertext, set_at)
select name, generation, user_name, 'v2c', ciphertext, updated_at from credential;

alter table credential drop column user_name, drop column ciphertext;

comment on column credential.generation is 'the one in use; a later one is being proven';

-- By which generation a switch was last reached.
create table switch_credential (
    switch_id   bigint not null references switch,
    channel     text not null check (channel in ('terminal', 'snmp')),
    name        text not null references credential,
    generation  int not null,
    reached_at  timestamptz not null,
    primary key (switch_id, channel)
);

create index switch_credential_name on switch_credential (name, generation);

-- What a switch has refused, and is therefore not tried on it again until somebody says so.
create table credential_refusal (
    name        text not null,
    generation  int not null,
    switch_id   bigint not null references switch,
    channel     text not null check (channel in ('terminal', 'snmp')),
    at          timestamptz not null,
    primary key (name, generation, switch_id, channel),
    foreign key (name, generation) references credential_generation on delete cascade
);

create index credential_refusal_switch on credential_refusal (switch_id);
