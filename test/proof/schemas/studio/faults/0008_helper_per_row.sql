/* A hurried developer wrote the helper in plpgsql, which is never inlined, and called it bare in a condition that no index answers. */
create function app_hidden.sees_bin() returns boolean
language plpgsql
stable
as $$
begin
  return coalesce(pg_catalog.current_setting('app.sees_bin', true), '') = 'on';
end
$$;
grant execute on function app_hidden.sees_bin() to app_user;
alter policy select_owner on app.bookings
using (owner_id = (select app_hidden.current_user_id()) and (deleted_at is null or app_hidden.sees_bin()));
