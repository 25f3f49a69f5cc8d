-- Where a switch goes back to when its maintenance ends.
alter table switch add column mode_after_maintenance text check (mode_after_maintenance in ('observe', 'manage'));

-- Checked when the import commits, so that two switches may swap their addresses in one file.
alter table switch drop constraint switch_address_ssh_port_key;
alter table switch add constraint switch_address_ssh_port_key unique (address, ssh_port) deferrable initially deferred;
