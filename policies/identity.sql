/*
 * Who is asking: the one reader of the settings `jwt.claims.*`. The server sets them for one transaction at a time, from a token that
 * it has verified. A setting that was once set locally reads as '' (not null) for the rest of the connection's life, so '' is
 * nobody too.
 *
 * Each function is one plain SQL statement so that the planner inlines it: `owner_id = app_hidden.current_user_id()` becomes an
 * index condition that is evaluated once per scan, not a call per row.
 */
create or replace function app_hidden.current_user_id() returns text
language sql
stable
parallel safe
as $$
  select nullif(pg_catalog.current_setting('jwt.claims.sub', true), '')
$$;

create or replace function app_hidden.current_user_email() returns text
language sql
stable
parallel safe
as $$
  select nullif(pg_catalog.current_setting('jwt.claims.email', true), '')
$$;

create or replace function app_hidden.current_user_name() returns text
language sql
stable
parallel safe
as $$
  select nullif(pg_catalog.current_setting('jwt.claims.name', true), '')
$$;

create or replace function app_hidden.current_token_issued_at() returns timestamptz
language sql
stable
parallel safe
as $$
  select pg_catalog.to_timestamp(nullif(pg_catalog.current_setting('jwt.claims.iat', true), '')::double precision)
$$;

revoke all on function app_hidden.current_user_id() from public, hedgerow_visitor, hedgerow_admin;
revoke all on function app_hidden.current_user_email() from public, hedgerow_visitor, hedgerow_admin;
revoke all on function app_hidden.current_user_name() from public, hedgerow_visitor, hedgerow_admin;
revoke all on function app_hidden.current_token_issued_at() from public, hedgerow_visitor, hedgerow_admin;

/* Policies call the first, column defaults of app_public.users the first three, a trigger of it the last; all run with the rights of who asks. */
grant execute on function app_hidden.current_user_id() to hedgerow_visitor, hedgerow_admin;
grant execute on function app_hidden.current_user_email() to hedgerow_visitor;
grant execute on function app_hidden.current_user_name() to hedgerow_visitor;
grant execute on function app_hidden.current_token_issued_at() to hedgerow_visitor;

comment on function app_hidden.current_user_id() is 'The subject of the verified token, or null when nobody is signed in.';
comment on function app_hidden.current_user_email() is 'The e-mail address in the verified token, or null.';
comment on function app_hidden.current_user_name() is 'The display name in the verified token, or null.';
comment on function app_hidden.current_token_issued_at() is 'When the verified token was issued, or null when it does not say.';
