-- An order over many is its own row with `children` of its own kind; each child is an order like any other, and the parent is as far as they are.
alter table service_order add column parent_id bigint references service_order;
alter table service_order add column children int check (children > 0);
alter table service_order add column group_name text;
create index service_order_parent on service_order (parent_id, id) where parent_id is not null;
create index service_order_open_parents on service_order (id) where children is not null and finished_at is null;

-- What an order changed, with what was there before: its inverse is made of it. An order that takes another back says which.
alter table service_order add column changes jsonb;
alter table service_order add column undoes bigint references service_order;
create index service_order_undoes on service_order (undoes) where undoes is not null;

-- Items that begin when another one has ended.
create index order_item_depends on order_item (depends_on) where depends_on is not null and finished_at is null;

-- Holds that end by themselves.
create index hold_until on hold (until) where released_at is null and until is not null;
