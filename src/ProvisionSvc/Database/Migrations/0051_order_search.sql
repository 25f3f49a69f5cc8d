-- Orders by service and by age, as they are listed: newest first, a page at a time.
create index service_order_service on service_order (service_id, id desc);
create index service_order_created on service_order (created_at);
