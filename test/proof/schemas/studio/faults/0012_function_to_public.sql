/* A hurried developer made a function on another day, as a role whose functions everybody may execute. */
create function app_hidden.length_of(starts_at timestamptz, ends_at timestamptz) returns interval
language sql
immutable
as $$
  select ends_at - starts_at
$$;
grant execute on function app_hidden.length_of(timestamptz, timestamptz) to public;
