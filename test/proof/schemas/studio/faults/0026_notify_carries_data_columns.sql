/* A hurried developer sent only what the page shows. */
create or replace function app_hidden.tg_bookings__announce() returns trigger
language plpgsql
volatile
as $$
begin
  perform pg_catalog.pg_notify('bookings', pg_catalog.json_build_object('id', new.id, 'room', new.room, 'details', new.details)::text);
  return null;
end
$$;
