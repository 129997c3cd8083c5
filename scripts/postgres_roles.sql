-- The roles of PostgreSQL as a home: one fills the raw schemas, one builds, one reads what is published.
create role leadsignal_load login;
create role leadsignal_build login;
create role leadsignal_bi login;

-- Compiling a query to machine code takes longer than these run; sorts and joins may take some memory.
alter role leadsignal_build set jit = off;
alter role leadsignal_build set work_mem = '128MB';
-- A build that was killed leaves no query behind that runs on for nobody.
alter role leadsignal_build set client_connection_check_interval = '5s';
