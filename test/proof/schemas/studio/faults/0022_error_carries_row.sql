/* A hurried developer said which booking is in the way. It may be somebody else's. */
create function app_hidden.check_room(wanted_room text, wanted_start timestamptz) returns void
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  taken app.bookings;
begin
  select * into taken from app.bookings where room = wanted_room and starts_at = wanted_start limit 1;
  if found then
    raise exception 'The room is taken.' using detail = 'by ' || taken.owner_id;
  end if;
end
$$;
grant execute on function app_hidden.check_room(text, timestamptz) to app_user;
