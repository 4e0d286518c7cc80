-- clean

-- broken: for role story_owner in schema app_public on tables
alter default privileges in schema app_public grant select on tables to story_visitor;

-- mended
alter default privileges in schema app_public revoke select on tables from story_visitor;

-- broken: for role story_owner on functions
alter default privileges grant execute on functions to public;

-- mended
alter default privileges revoke execute on functions from public;

-- broken: for role story_newcomer on functions
-- A second owner, of whom nobody thought.
reset role;
create role story_newcomer;
create schema app_other;
grant create, usage on schema app_hidden to story_newcomer;
set local role story_newcomer;
create table app_hidden.drafts (body text);

-- mended
alter default privileges revoke execute on functions from public;

-- near miss: for another role, and in another schema
set local role story_owner;
alter default privileges in schema app_public grant select on tables to story_newcomer;
alter default privileges in schema elsewhere grant select on tables to story_visitor;

-- broken: for role story_clerk on functions
-- It has default privileges, but of tables, and of one schema.
reset role;
create role story_clerk;
grant create, usage on schema app_hidden to story_clerk;
set local role story_clerk;
create function app_hidden.late() returns boolean language sql immutable as 'select true';
revoke execute on function app_hidden.late() from public;
alter default privileges grant select on tables to story_newcomer;
alter default privileges in schema app_hidden grant execute on functions to story_newcomer;
