-- The owner migrates; the service runs as a member of this role, which cannot change or remove an audit row.
do $$
begin
    if not exists (select from pg_roles where rolname = 'provision_service') then
        create role provision_service nologin;
    end if;
end
$$;

grant usage on schema public to provision_service;
grant select, insert, update, delete on all tables in schema public to provision_service;
grant usage, select on all sequences in schema public to provision_service;
revoke update, delete, truncate on audit from provision_service;
revoke update, delete, truncate on schema_version from provision_service;
alter default privileges in schema public grant select, insert, update, delete on tables to provision_service;
alter default privileges in schema public grant usage, select on sequences to provision_service;
