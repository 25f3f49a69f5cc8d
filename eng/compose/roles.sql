-- The role that the service runs as; the owner (POSTGRES_USER) migrates. What the role may do, the migrations say.
create role provision_service nologin;
create role provision login in role provision_service;
