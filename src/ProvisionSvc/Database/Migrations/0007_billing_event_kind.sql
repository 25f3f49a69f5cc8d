-- What the newest billing event said: at the same moment a payment outweighs a debt.
alter table account add column billing_event_kind text check (billing_event_kind in ('unpaid', 'paid'));
