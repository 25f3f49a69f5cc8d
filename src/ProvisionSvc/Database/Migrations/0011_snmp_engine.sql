-- The SNMPv3 engine that proved itself to be the switch's agent (RFC 3411 §5), and another one that claims to be since.

alter table switch
    add column engine_id bytea,
    add column engine_boots int,
    add column engine_claimed bytea,
    add column engine_claimed_at timestamptz;
