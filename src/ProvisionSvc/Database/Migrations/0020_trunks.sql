-- A port that carries VLANs with their tags: all of them, the native one too; null = a port in access mode.
alter table port_intent add column allowed_vlans int[];
alter table port_intent add column native_vlan int check (native_vlan between 1 and 4094);

-- The VLANs that we put on the port as a trunk and that may still stand there. Only these are ever taken off a trunk.
alter table port_intent add column own_vlans int[] not null default '{}';
