-- Until when the switch may return by itself to what was before a change that it tries out; what it shows until then proves nothing.
alter table switch add column trial_until timestamptz;
