/* A hurried developer added a table whose only index is by id and then by owner. */
create table app.cards (
  owner_id text not null default app_hidden.current_user_id(),
  tenant_id text not null default app_hidden.current_tenant_id(),
  id uuid not null default pg_catalog.gen_random_uuid(),
  holder text not null,
  primary key (id, owner_id, tenant_id)
);
alter table app.cards enable row level security;
alter table app.cards force row level security;
create policy select_owner on app.cards
for select to app_user
using (owner_id = (select app_hidden.current_user_id()) and tenant_id = (select app_hidden.current_tenant_id()));
grant select on app.cards to app_user;
