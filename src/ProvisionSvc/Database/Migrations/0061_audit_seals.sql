-- The chain over the audit log, in a table of its own: the service may add to both and change neither.
create table audit_seal (
    sequence  bigint primary key check (sequence > 0),
    audit_id  bigint not null unique,
    hash      bytea not null,
    sealed_at timestamptz not null
);
create index on audit_seal (sealed_at);

-- The last seal of each day, also written to a file and the log of the process that sealed it, for keeping elsewhere.
create table audit_anchor (
    day      date primary key,
    sequence bigint not null,
    hash     bytea not null
);

revoke update, delete, truncate on audit_seal, audit_anchor from provision_service;
create index audit_object on audit (object, id);
create index audit_at on audit (at);
