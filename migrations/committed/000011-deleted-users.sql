--! Previous: sha1:7347836a5887c2bbba33d24ea1a4f94690d0ed8f
--! Hash: sha1:f7cfc81e0d95a52076bd7ca011407ccfdb750dbe
--! Message: deleted users

--! split: 1-current.sql
/*
 * Leaving ends the tokens too. A token is good until it expires, wherever it is by then, and asking on every request whether its account
 * still exists would cost every request a query. But a token whose account is gone finds no rows to read; what is left is that its first
 * write would make the account anew. So the note of a deletion is looked at there, when a user record is made, and nowhere else.
 */
create table app_hidden.deleted_users (
  id text not null default app_hidden.current_user_id(),
  deleted_at timestamptz not null default now(),
  constraint deleted_users_pkey primary key (id),
  constraint deleted_users_id_length_check check (char_length(id) between 1 and 255)
);

comment on table app_hidden.deleted_users is 'An account that was deleted. A row is of use for as long as tokens from before may be live.';
comment on column app_hidden.deleted_users.id is 'The subject of the tokens of that account.';
comment on column app_hidden.deleted_users.deleted_at is 'When it was last deleted.';
comment on constraint deleted_users_id_length_check on app_hidden.deleted_users is 'A user id has 1 to 255 characters.';

--! Included deleted_users.policy.sql
/*
 * A user leaves, and sees, one note that they are gone: their own. It names them by the token, not by what they say.
 */

/* Reset */
select app_private.close_table('app_hidden.deleted_users');

/* Policies */
create policy select_owner on app_hidden.deleted_users
for select to hedgerow_visitor
using (id = app_hidden.current_user_id());

create policy insert_owner on app_hidden.deleted_users
for insert to hedgerow_visitor
with check (id = app_hidden.current_user_id());

create policy update_owner on app_hidden.deleted_users
for update to hedgerow_visitor
using (id = app_hidden.current_user_id())
with check (id = app_hidden.current_user_id());

/*
 * Grants. `id` is not granted: its default takes it from the token. Delete is not granted, because a note that its user can take back
 * would end nothing.
 */
grant select on table app_hidden.deleted_users to hedgerow_visitor;
grant insert (deleted_at), update (deleted_at) on table app_hidden.deleted_users to hedgerow_visitor;

comment on policy select_owner on app_hidden.deleted_users is 'A user sees only whether they themselves are gone.';
comment on policy insert_owner on app_hidden.deleted_users is 'A user notes only their own leaving.';
comment on policy update_owner on app_hidden.deleted_users is 'A user who leaves again renews only their own note.';
--! EndIncluded deleted_users.policy.sql

--! Included identity.sql
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

revoke all on function app_hidden.current_user_id() from public, hedgerow_visitor;
revoke all on function app_hidden.current_user_email() from public, hedgerow_visitor;
revoke all on function app_hidden.current_user_name() from public, hedgerow_visitor;
revoke all on function app_hidden.current_token_issued_at() from public, hedgerow_visitor;

/* Policies call the first, column defaults of app_public.users the first three, a trigger of it the last; all run with the visitor's rights. */
grant execute on function app_hidden.current_user_id() to hedgerow_visitor;
grant execute on function app_hidden.current_user_email() to hedgerow_visitor;
grant execute on function app_hidden.current_user_name() to hedgerow_visitor;
grant execute on function app_hidden.current_token_issued_at() to hedgerow_visitor;

comment on function app_hidden.current_user_id() is 'The subject of the verified token, or null when nobody is signed in.';
comment on function app_hidden.current_user_email() is 'The e-mail address in the verified token, or null.';
comment on function app_hidden.current_user_name() is 'The display name in the verified token, or null.';
comment on function app_hidden.current_token_issued_at() is 'When the verified token was issued, or null when it does not say.';
--! EndIncluded identity.sql

/* Of the user who is signed in, or, as an administrator, of any. The visitor has no right to name anybody. */
create function app_hidden.note_deletion(user_id text) returns void
language plpgsql
volatile
as $$
begin
  if user_id = app_hidden.current_user_id() then
    insert into app_hidden.deleted_users as note default values
    on conflict (id) do update set deleted_at = excluded.deleted_at;
  else
    insert into app_hidden.deleted_users as note (id) values (user_id)
    on conflict (id) do update set deleted_at = excluded.deleted_at;
  end if;
end
$$;

grant execute on function app_hidden.note_deletion(text) to hedgerow_visitor;

comment on function app_hidden.note_deletion(text) is 'Notes that an account was deleted just now.';

create function app_private.tg_users__note_deletion() returns trigger
language plpgsql
volatile
as $$
begin
  perform app_hidden.note_deletion(old.id);
  return null;
end
$$;

comment on function app_private.tg_users__note_deletion() is 'Trigger: notes that the account was deleted.';

create trigger _800_note_deletion
after delete on app_public.users
for each row
execute function app_private.tg_users__note_deletion();

comment on trigger _800_note_deletion on app_public.users is 'Notes that the account was deleted, so that tokens from before cannot bring it back.';

/*
 * After, and not before, the insert: `on conflict do nothing` has then sorted out the writes of users who are there, and they pay nothing.
 * The minute is for the clock of the issuer, which may be ahead (HEDGEROW_CLOCK_SKEW). A token that does not say when it was issued counts
 * as older than any deletion.
 */
create function app_private.tg_users__refuse_deleted() returns trigger
language plpgsql
volatile
as $$
begin
  if exists (
    select from app_hidden.deleted_users as note
    where note.id = new.id
    and note.deleted_at + interval '1 minute' >= coalesce(app_hidden.current_token_issued_at(), '-infinity')
  ) then
    raise exception using
      errcode = 'ZH401',
      message = 'This account was deleted, and its tokens are of no use any more. Sign in again to start anew, after a minute.';
  end if;
  return null;
end
$$;

comment on function app_private.tg_users__refuse_deleted() is 'Trigger: refuses to make an account anew for a token from before it was deleted.';

create trigger _100_refuse_deleted
after insert on app_public.users
for each row
when (app_hidden.current_user_id() is not null)
execute function app_private.tg_users__refuse_deleted();

comment on trigger _100_refuse_deleted on app_public.users is 'Keeps a token from before the account was deleted from making it anew.';

/* The answer is the record as it was: for a moment a client may want to say good-bye by name. */
create or replace function app_public.delete_me() returns app_public.users
language plpgsql
volatile
as $$
declare
  leaving app_public.users = app_public.me();
begin
  delete from app_public.users as person where person.id = app_hidden.current_user_id();
  /* Who never wrote anything has no record to delete, but has tokens. */
  if not found and leaving.id is not null then
    perform app_hidden.note_deletion(leaving.id);
  end if;
  return leaving;
end
$$;

comment on function app_public.delete_me() is 'Deletes the signed-in user and all of their tasks, for good, and makes the tokens useless that they have. May be repeated.';
