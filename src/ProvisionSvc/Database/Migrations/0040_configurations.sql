-- What switches were configured with, secrets taken out. The newest version of a switch is kept whole, an older one as its difference to the one after it;
-- a text that is fetched again unchanged is no new version.
create table configuration (
    id bigint generated always as identity primary key,
    switch_id bigint not null references switch (id),
    since timestamptz not null,
    until timestamptz not null check (until >= since),
    source text not null,
    sha256 bytea not null,
    lines int not null,
    octets int not null,
    whole boolean not null,
    body bytea not null
);
create index configuration_of_switch on configuration (switch_id, id desc);
create unique index configuration_newest on configuration (switch_id) where whole;

-- When a switch's configuration is to be fetched next, and how that went last.
create table configuration_fetch (
    switch_id bigint primary key references switch (id),
    due_at timestamptz,
    attempts int not null default 0,
    fetched_at timestamptz,
    problem text
);
create index configuration_fetch_due on configuration_fetch (due_at) where due_at is not null;
