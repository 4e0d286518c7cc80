/* A hurried developer saved the listener a query. Anybody who can connect may listen. */
create or replace function app_hidden.tg_bookings__announce() returns trigger
language plpgsql
volatile
as $$
begin
  perform pg_catalog.pg_notify('bookings', pg_catalog.to_jsonb(new)::text);
  return null;
end
$$;
