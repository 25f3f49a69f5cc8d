-- Whoever could write here could make a later migration be skipped.
revoke insert on schema_version from provision_service;
