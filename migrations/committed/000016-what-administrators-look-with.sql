--! Previous: sha1:805aeeb2d33eeec2e884d263c6c60cd3f4f3feb8
--! Hash: sha1:3bf28c2a1d1ddcf382f7c2503dec572a7bc7d43c
--! Message: what administrators look with

--! split: 1-current.sql
/*
 * What administrators look with. The views run with the rights of who asks, so what they show of users' data is decided by the policies of the
 * tables: all of it to hedgerow_admin, or one user's part once the transaction was given to that user by admin.as_user. All columns that count are bigint,
 * sizes are in bytes and times in milliseconds, for whoever puts them into a chart.
 *
 * Numbers of rows in table_growth are PostgreSQL's estimates: counting them would read the tables.
 */

/* Users and tasks */

create view admin.users with (security_invoker = true) as
select
  person.id,
  person.name,
  person.email,
  coalesce(counted.open, 0) as open_tasks,
  coalesce(counted.completed, 0) as completed_tasks,
  coalesce(counted.trashed, 0) as trashed_tasks,
  person.created_at as first_active_at,
  greatest(person.updated_at, counted.changed_at) as last_active_at,
  coalesce(counted.size_bytes, 0) + pg_catalog.pg_column_size(person.*) as size_bytes
from app_public.users as person
left join (
  select
    task.owner_id,
    pg_catalog.count(*) filter (where task.deleted_at is null and not task.completed) as open,
    pg_catalog.count(*) filter (where task.deleted_at is null and task.completed) as completed,
    pg_catalog.count(*) filter (where task.deleted_at is not null) as trashed,
    pg_catalog.max(task.updated_at) as changed_at,
    pg_catalog.sum(pg_catalog.pg_column_size(task.*))::bigint as size_bytes
  from app_public.tasks as task
  group by task.owner_id
) as counted on counted.owner_id = person.id;

comment on view admin.users is
'Users, with what they have. It reads every task: at a million it takes about a second; with where id = … it reads that user''s alone.';
comment on column admin.users.id is 'The subject of their tokens.';
comment on column admin.users.name is 'The name that they gave themselves.';
comment on column admin.users.email is 'The address that the identity provider vouched for.';
comment on column admin.users.open_tasks is 'Tasks that are neither done nor in the trash.';
comment on column admin.users.completed_tasks is 'Tasks that are done and not in the trash.';
comment on column admin.users.trashed_tasks is 'Tasks in the trash.';
comment on column admin.users.first_active_at is 'When their first write made their record.';
comment on column admin.users.last_active_at is 'When their record, or a task that they still have, last changed. Reading leaves no trace.';
comment on column admin.users.size_bytes is 'The size of their record and of their tasks, indexes not counted.';

/* Tasks of which everything happened on the same days are counted together first: the table is read once. */
create view admin.task_stats with (security_invoker = true) as
select
  event.day,
  coalesce(pg_catalog.sum(counted.tasks) filter (where event.what = 'created'), 0)::bigint as created,
  coalesce(pg_catalog.sum(counted.tasks) filter (where event.what = 'completed'), 0)::bigint as completed,
  coalesce(pg_catalog.sum(counted.tasks) filter (where event.what = 'trashed'), 0)::bigint as trashed
from (
  select
    (task.created_at at time zone 'UTC')::date as created,
    (task.completed_at at time zone 'UTC')::date as completed,
    (task.deleted_at at time zone 'UTC')::date as trashed,
    pg_catalog.count(*) as tasks
  from app_public.tasks as task
  group by 1, 2, 3
) as counted
cross join lateral (
  values ('created', counted.created), ('completed', counted.completed), ('trashed', counted.trashed)
) as event (what, day)
where event.day is not null
group by event.day;

comment on view admin.task_stats is
'What happened on each day to the tasks that are still there. What was deleted for good is in no column. It reads every task.';
comment on column admin.task_stats.day is 'The day, in UTC; days without an event have no row.';
comment on column admin.task_stats.created is 'Tasks made on it.';
comment on column admin.task_stats.completed is 'Tasks completed on it, and not reopened since.';
comment on column admin.task_stats.trashed is 'Tasks put into the trash on it, and there still.';

/* An id may be the user's or that of a task. Texts are compared without regard to case. */
create function admin.find_user(wanted text)
returns table (id text, name text, email text, found_by text, deleted_at timestamptz)
language sql
stable
set search_path = ''
as $$
  with asked as (
    select case when wanted ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then wanted::uuid end as task_id
  ),
  found as (
    select
      person.id,
      person.name,
      person.email,
      case
        when person.id = wanted then 'id'
        when pg_catalog.lower(person.email) = pg_catalog.lower(wanted) then 'email'
        when pg_catalog.strpos(pg_catalog.lower(person.id), pg_catalog.lower(wanted)) > 0 then 'part of the id'
        when pg_catalog.strpos(pg_catalog.lower(person.email), pg_catalog.lower(wanted)) > 0 then 'part of the email'
        when pg_catalog.strpos(pg_catalog.lower(person.name), pg_catalog.lower(wanted)) > 0 then 'part of the name'
      end as found_by
    from app_public.users as person
    union all
    select person.id, person.name, person.email, 'id of a task'
    from app_public.tasks as task
    join app_public.users as person on person.id = task.owner_id
    where task.id = (select asked.task_id from asked)
    union all
    select distinct entry.owner_id, person.name, person.email, 'id of a task that is gone'
    from app_public.task_history as entry
    join app_public.users as person on person.id = entry.owner_id
    where entry.task_id = (select asked.task_id from asked)
    and not exists (
      select from app_public.tasks as task
      where task.owner_id = entry.owner_id
      and task.id = entry.task_id
    )
    union all
    select gone.id, null, null, 'id of an account that was deleted'
    from app_hidden.deleted_users as gone
    where gone.id = wanted
  )
  select found.id, found.name, found.email, found.found_by, gone.deleted_at
  from found
  left join app_hidden.deleted_users as gone on gone.id = found.id
  where found.found_by is not null
  and wanted <> ''
  order by found.found_by ~ '^part', found.id, found.found_by
  limit 100
$$;

comment on function admin.find_user(text) is
'The users whom a text names: their id, e-mail address or name, or a part of one, or the id of a task of theirs; at most 100, exact finds first. An account that was deleted is found by its id, for as long as its deletion is on record.';

/*
 * A superuser is bound by no policy, so they become hedgerow_admin. The transaction cannot be made one that writes again.
 */
create function admin.as_user(sub text) returns text
language plpgsql
volatile
as $$
begin
  if coalesce(sub, '') = '' then
    raise exception using
      errcode = '22023',
      message = 'A user has an id.',
      hint = 'select * from admin.find_user(''…'') finds it. Without a user you see everybody''s rows: end the transaction.';
  end if;
  if pg_catalog.statement_timestamp() = pg_catalog.transaction_timestamp() then
    raise warning using
      message = 'This was a transaction of its own, and has ended: you are nobody again.',
      hint = 'Write begin; first, and rollback; when you are done.';
  end if;
  if not pg_catalog.row_security_active('app_public.tasks'::regclass) then
    perform pg_catalog.set_config('role', 'hedgerow_admin', true);
  end if;
  perform pg_catalog.set_config('jwt.claims.sub', sub, true);
  perform pg_catalog.set_config('transaction_read_only', 'on', true);
  return pg_catalog.format(
    'Until the transaction ends you see what %s sees, and write nothing: %s.',
    sub,
    case
      when exists (select from app_public.users as person where person.id = sub) then (
        select pg_catalog.format(
          '%s %s, %s of them in the trash',
          pg_catalog.count(*),
          case when pg_catalog.count(*) = 1 then 'task' else 'tasks' end,
          pg_catalog.count(task.deleted_at)
        )
        from app_public.tasks as task
        where task.owner_id = sub
      )
      else 'a user who has no record, and so no task'
    end
  );
end
$$;

comment on function admin.as_user(text) is
'Gives the rest of this transaction to a user, reading only: the tables and views show what is that user''s, and nothing else.';

/* Access */

create view admin.policies with (security_invoker = true) as
select
  policy.schemaname as "schema",
  policy.tablename as "table",
  policy.policyname as policy,
  pg_catalog.lower(policy.cmd) as command,
  policy.roles,
  policy.permissive = 'PERMISSIVE' as permissive,
  policy.qual as "using",
  policy.with_check as "check",
  pg_catalog.obj_description(found.oid, 'pg_policy') as comment
from pg_catalog.pg_policies as policy
join pg_catalog.pg_policy as found
  on found.polrelid = pg_catalog.format('%I.%I', policy.schemaname, policy.tablename)::regclass
  and found.polname = policy.policyname;

comment on view admin.policies is 'The row-level-security policies of all tables.';
comment on column admin.policies."schema" is 'The schema of the table.';
comment on column admin.policies."table" is 'The table.';
comment on column admin.policies.policy is 'The policy''s name.';
comment on column admin.policies.command is 'The command that it is for, or all.';
comment on column admin.policies.roles is 'The roles that it is for.';
comment on column admin.policies.permissive is 'Whether it lets rows through; one that does not, only takes away.';
comment on column admin.policies."using" is 'What must hold of a row that is there.';
comment on column admin.policies."check" is 'What must hold of a row as it is written.';
comment on column admin.policies.comment is 'What it is for, in words.';

create view admin.access_matrix with (security_invoker = true) as
select
  role.rolname as role,
  class.relnamespace::regnamespace::name as "schema",
  class.relname as "table",
  command.name as command,
  case
    when granted.part = 'none' then 'refused'
    when not (class.relrowsecurity and not role.rolsuper and not role.rolbypassrls) then 'every row'
    when policies.names is null then 'no row'
    else 'by policy'
  end as access,
  case when granted.part = 'some' then granted.columns end as columns,
  case when granted.part <> 'none' and class.relrowsecurity then policies.names end as policies
from pg_catalog.pg_class as class
cross join pg_catalog.pg_roles as role
cross join (values ('select', 'r'), ('insert', 'a'), ('update', 'w'), ('delete', 'd'), ('truncate', null)) as command (name, letter)
cross join lateral (
  select
    case
      when not pg_catalog.has_schema_privilege(role.oid, class.relnamespace, 'usage') then 'none'
      when pg_catalog.has_table_privilege(role.oid, class.oid, command.name) then 'all'
      when pg_catalog.count(*) filter (where attribute.granted) = 0 then 'none'
      else 'some'
    end as part,
    pg_catalog.array_agg(attribute.attname order by attribute.attnum) filter (where attribute.granted) as columns
  from (
    select
      listed.attname,
      listed.attnum,
      command.name in ('select', 'insert', 'update')
        and pg_catalog.has_column_privilege(
          role.oid,
          class.oid,
          listed.attnum,
          case when command.name in ('select', 'insert', 'update') then command.name else 'select' end
        ) as granted
    from pg_catalog.pg_attribute as listed
    where listed.attrelid = class.oid
    and listed.attnum > 0
    and not listed.attisdropped
  ) as attribute
) as granted
cross join lateral (
  select pg_catalog.array_agg(policy.polname order by policy.polname) as names
  from pg_catalog.pg_policy as policy
  where policy.polrelid = class.oid
  and policy.polpermissive
  and policy.polcmd in ('*', command.letter::"char")
  and exists (
    select from pg_catalog.unnest(policy.polroles) as audience
    where audience = 0
    or pg_catalog.pg_has_role(role.oid, audience, 'usage')
  )
) as policies
where class.relkind in ('r', 'p')
and class.relnamespace in (
  select namespace.oid from pg_catalog.pg_namespace as namespace
  where namespace.nspname in ('app_public', 'app_hidden', 'app_private')
)
and role.rolname in ('hedgerow_visitor', 'hedgerow_historian', 'hedgerow_admin');

comment on view admin.access_matrix is
'Which role may do what to which table: from the grants and policies as they are now. explain_access tells it for one row.';
comment on column admin.access_matrix.role is 'hedgerow_visitor is every user, hedgerow_historian the triggers that write the history, hedgerow_admin every administrator who looks.';
comment on column admin.access_matrix."schema" is 'The schema of the table.';
comment on column admin.access_matrix."table" is 'The table.';
comment on column admin.access_matrix.command is 'select, insert, update, delete or truncate.';
comment on column admin.access_matrix.access is
'refused: it is not granted. no row: it is granted, but no policy lets a row through. by policy: the rows that one of the policies lets through. every row: no policy binds the role.';
comment on column admin.access_matrix.columns is 'The columns that the grant is confined to; null when it is for all of them.';
comment on column admin.access_matrix.policies is 'The policies that let rows through.';

/* The server */

create view admin.sessions with (security_invoker = true) as
select
  activity.pid,
  activity.usename as login,
  activity.client_addr as address,
  pg_catalog.split_part(activity.application_name, ' as ', 1) as application,
  nullif(pg_catalog.substring(activity.application_name, ' as (.*)$'), '') as subject,
  activity.state,
  activity.backend_start as connected_at,
  activity.xact_start as transaction_at,
  activity.query_start as query_at,
  activity.wait_event_type || ': ' || activity.wait_event as waits_for,
  nullif(pg_catalog.pg_blocking_pids(activity.pid), '{}') as blocked_by,
  activity.query
from pg_catalog.pg_stat_activity as activity
where activity.datname = pg_catalog.current_database()
and activity.pid <> pg_catalog.pg_backend_pid()
and activity.backend_type = 'client backend';

comment on view admin.sessions is 'Who else is connected to this database, and what they run.';
comment on column admin.sessions.pid is 'The process on the server: pg_cancel_backend(pid) of a superuser ends its query.';
comment on column admin.sessions.login is 'The role that logged in.';
comment on column admin.sessions.address is 'Where the connection comes from; null when it came through a socket. Of the API it is the server''s, not the user''s.';
comment on column admin.sessions.application is 'What the client calls itself.';
comment on column admin.sessions.subject is
'The user for whom the API runs the transaction, if the server says so (HEDGEROW_SESSION_SUBJECTS=on); the end of a long one is cut off.';
comment on column admin.sessions.state is 'active: it runs the query. idle: it waits for one. idle in transaction: it holds what it has locked meanwhile.';
comment on column admin.sessions.connected_at is 'When it connected.';
comment on column admin.sessions.transaction_at is 'When its transaction began.';
comment on column admin.sessions.query_at is 'When its query began, the last one if it is idle.';
comment on column admin.sessions.waits_for is 'What it waits for: a lock, the disk, the client.';
comment on column admin.sessions.blocked_by is 'The processes that it waits for, because they hold a lock.';
comment on column admin.sessions.query is 'What it runs, or ran last.';

create view admin.locks with (security_invoker = true) as
select
  lock.pid,
  session.login,
  session.subject,
  lock.locktype as kind,
  coalesce(lock.relation::regclass::text, 'transaction ' || lock.transactionid::text, lock.virtualxid) as object,
  lock.mode,
  lock.granted,
  lock.waitstart as waiting_since,
  case when not lock.granted then session.blocked_by end as blocked_by,
  session.query
from pg_catalog.pg_locks as lock
join admin.sessions as session on session.pid = lock.pid
where lock.locktype not in ('virtualxid', 'spectoken')
and (
  lock.database is null
  or lock.database = (select here.oid from pg_catalog.pg_database as here where here.datname = pg_catalog.current_database())
);

comment on view admin.locks is 'What is locked in this database, and who waits: where granted is false, blocked_by says for whom.';
comment on column admin.locks.pid is 'The process that holds the lock, or waits for it.';
comment on column admin.locks.login is 'The role that logged in.';
comment on column admin.locks.subject is 'The user for whom the API runs the transaction, as in sessions.';
comment on column admin.locks.kind is 'relation: a table or index. tuple: a row. transactionid: the end of another transaction. advisory: by agreement.';
comment on column admin.locks.object is 'What is locked.';
comment on column admin.locks.mode is 'How, as in the chapter Explicit Locking of PostgreSQL''s manual.';
comment on column admin.locks.granted is 'Whether it holds the lock; otherwise it waits.';
comment on column admin.locks.waiting_since is 'Since when it waits.';
comment on column admin.locks.blocked_by is 'The processes that it waits for.';
comment on column admin.locks.query is 'What the process runs, or ran last.';

/* The extension may be in any schema, or not there: so the name is put together when it is asked. */
create function admin.statements()
returns table (calls bigint, total_ms float8, mean_ms float8, max_ms float8, "rows" bigint, hit_ratio float8, role name, query text)
language plpgsql
stable
set search_path = ''
as $$
declare
  place name = (
    select extension.extnamespace::regnamespace::name from pg_catalog.pg_extension as extension where extension.extname = 'pg_stat_statements'
  );
begin
  if place is null then
    raise notice using
      message = 'pg_stat_statements is not installed, so there are no statements to show.',
      hint = 'Add it to shared_preload_libraries, restart PostgreSQL, and run "hedgerow bootstrap" as a superuser.';
    return;
  end if;
  return query execute pg_catalog.format(
    'select
       statement.calls,
       statement.total_exec_time,
       statement.mean_exec_time,
       statement.max_exec_time,
       statement.rows,
       statement.shared_blks_hit / nullif(statement.shared_blks_hit + statement.shared_blks_read, 0)::float8,
       pg_catalog.pg_get_userbyid(statement.userid),
       statement.query
     from %I.pg_stat_statements as statement
     where statement.dbid = (select here.oid from pg_catalog.pg_database as here where here.datname = pg_catalog.current_database())',
    place
  );
end
$$;

comment on function admin.statements() is 'What pg_stat_statements has counted in this database; nothing, and a notice, where it is not installed.';

create view admin.slow_statements with (security_invoker = true) as
select
  statement.calls,
  statement.total_ms,
  statement.mean_ms,
  statement.max_ms,
  statement.total_ms / nullif(pg_catalog.sum(statement.total_ms) over (), 0) as share,
  statement."rows",
  statement.hit_ratio,
  statement.role,
  statement.query
from admin.statements() as statement;

comment on view admin.slow_statements is
'What PostgreSQL has spent its time on since pg_stat_statements was last reset: order by total_ms for what to mend first, by mean_ms for what is slow each time. Empty where the extension is not installed.';
comment on column admin.slow_statements.calls is 'How often it ran.';
comment on column admin.slow_statements.total_ms is 'Milliseconds in all.';
comment on column admin.slow_statements.mean_ms is 'Milliseconds in the mean.';
comment on column admin.slow_statements.max_ms is 'Milliseconds at the most.';
comment on column admin.slow_statements.share is 'Its part of the time of all statements in this database, from 0 to 1.';
comment on column admin.slow_statements."rows" is 'Rows that it returned or changed, in all.';
comment on column admin.slow_statements.hit_ratio is 'The part of its blocks that was in shared buffers, from 0 to 1.';
comment on column admin.slow_statements.role is 'The role that it ran as: hedgerow_visitor is the API''s.';
comment on column admin.slow_statements.query is 'Its text, with $1, $2, … for the constants.';

/* Two indexes of which one begins with the columns of the other do the same work twice, unless the shorter one is there to keep a rule. */
create view admin.index_health with (security_invoker = true) as
select
  class.relnamespace::regnamespace::name as "schema",
  class.relname as "table",
  index_class.relname as index,
  pg_catalog.pg_relation_size(index.indexrelid) as size_bytes,
  counted.idx_scan as scans,
  counted.idx_tup_read as entries_read,
  pg_catalog.array_to_string(
    array[
      case when not index.indisvalid then 'invalid: reindex it' end,
      case when counted.idx_scan = 0 and not index.indisunique then 'never used' end,
      'begins with the columns of ' || longer.relname
    ],
    '; '
  ) as remark,
  index.indisunique as is_unique,
  pg_catalog.pg_get_indexdef(index.indexrelid) as definition
from pg_catalog.pg_index as index
join pg_catalog.pg_class as index_class on index_class.oid = index.indexrelid
join pg_catalog.pg_class as class on class.oid = index.indrelid
left join pg_catalog.pg_stat_all_indexes as counted on counted.indexrelid = index.indexrelid
left join lateral (
  select other_class.relname
  from pg_catalog.pg_index as other
  join pg_catalog.pg_class as other_class on other_class.oid = other.indexrelid
  where other.indrelid = index.indrelid
  and other.indexrelid <> index.indexrelid
  and not index.indisunique
  and other.indpred is null
  and index.indpred is null
  and index.indexprs is null
  and other.indisvalid
  and other_class.relam = index_class.relam
  and (other.indkey::int2[])[0:index.indnkeyatts - 1] = (index.indkey::int2[])[0:index.indnkeyatts - 1]
  and (other.indclass::oid[])[0:index.indnkeyatts - 1] = (index.indclass::oid[])[0:index.indnkeyatts - 1]
  and (other.indoption::int2[])[0:index.indnkeyatts - 1] = (index.indoption::int2[])[0:index.indnkeyatts - 1]
  and (other.indnkeyatts > index.indnkeyatts or other.indisunique or other.indexrelid < index.indexrelid)
  order by other.indisunique desc, other_class.relname
  limit 1
) as longer on true
where class.relnamespace in (
  select namespace.oid from pg_catalog.pg_namespace as namespace
  where namespace.nspname in ('app_public', 'app_hidden', 'app_private', 'app_history', 'graphile_migrate')
);

comment on view admin.index_health is 'The indexes of the tables: what each takes up, whether it is used, and what is wrong with it.';
comment on column admin.index_health."schema" is 'The schema of the table.';
comment on column admin.index_health."table" is 'The table.';
comment on column admin.index_health.index is 'The index.';
comment on column admin.index_health.size_bytes is 'Its size on disk.';
comment on column admin.index_health.scans is 'How often a query has used it since the statistics were last reset.';
comment on column admin.index_health.entries_read is 'How many of its entries those queries read.';
comment on column admin.index_health.remark is 'What to look into; empty when there is nothing.';
comment on column admin.index_health.is_unique is 'Whether it keeps a key unique, and so is needed even when no query uses it.';
comment on column admin.index_health.definition is 'The statement that makes it.';

create view admin.table_growth with (security_invoker = true) as
select
  counted.schemaname as "schema",
  counted.relname as "table",
  counted.n_live_tup as live_rows,
  counted.n_dead_tup as dead_rows,
  pg_catalog.pg_relation_size(counted.relid) as table_bytes,
  pg_catalog.pg_indexes_size(counted.relid) as index_bytes,
  pg_catalog.pg_total_relation_size(counted.relid) as total_bytes,
  counted.n_tup_ins as inserted,
  counted.n_tup_upd as updated,
  counted.n_tup_del as deleted,
  counted.seq_scan as full_scans,
  greatest(counted.last_vacuum, counted.last_autovacuum) as vacuumed_at,
  greatest(counted.last_analyze, counted.last_autoanalyze) as analyzed_at,
  here.stats_reset as counted_since
from pg_catalog.pg_stat_user_tables as counted
join pg_catalog.pg_stat_database as here on here.datname = pg_catalog.current_database()
where counted.schemaname in ('app_public', 'app_hidden', 'app_private', 'app_history', 'graphile_migrate');

comment on view admin.table_growth is 'The tables: how large they are, and how much was written to each.';
comment on column admin.table_growth."schema" is 'The schema.';
comment on column admin.table_growth."table" is 'The table, or a partition of one.';
comment on column admin.table_growth.live_rows is 'Its rows, as PostgreSQL estimates them.';
comment on column admin.table_growth.dead_rows is 'Rows that were changed or deleted and whose space was not given back yet.';
comment on column admin.table_growth.table_bytes is 'The size of the rows on disk, without what is stored apart.';
comment on column admin.table_growth.index_bytes is 'The size of its indexes.';
comment on column admin.table_growth.total_bytes is 'The size of everything: rows, long values that are stored apart, indexes.';
comment on column admin.table_growth.inserted is 'Rows inserted since counted_since.';
comment on column admin.table_growth.updated is 'Rows updated since then.';
comment on column admin.table_growth.deleted is 'Rows deleted since then.';
comment on column admin.table_growth.full_scans is 'How often a query has read the whole table.';
comment on column admin.table_growth.vacuumed_at is 'When it was last vacuumed.';
comment on column admin.table_growth.analyzed_at is 'When its statistics were last renewed.';
comment on column admin.table_growth.counted_since is 'Since when is counted; null when it is since the database was made.';

create view admin.migrations with (security_invoker = true) as
select
  pg_catalog.substring(migration.filename, '^(\d+)')::int as number,
  migration.date as applied_at,
  migration.filename as file,
  migration.hash
from graphile_migrate.migrations as migration;

comment on view admin.migrations is 'The migrations that have run on this database.';
comment on column admin.migrations.number is 'Their order.';
comment on column admin.migrations.applied_at is 'When it ran.';
comment on column admin.migrations.file is 'The number of the file in migrations/committed; what follows the number in its name says what it is about.';
comment on column admin.migrations.hash is 'The hash of that file and of those before it.';

/*
 * What was erased for somebody who asked for it: that it was done, and when, but not of whom. Written by the owner (`hedgerow admin erase`): a note is made
 * before and finished after.
 */
create table admin.erasures (
  id uuid not null default pg_catalog.gen_random_uuid(),
  begun_at timestamptz not null default pg_catalog.now(),
  finished_at timestamptz,
  reason text,
  tasks integer,
  entries integer,
  account boolean,
  constraint erasures_pkey primary key (id),
  constraint erasures_reason_length_check check (pg_catalog.char_length(reason) <= 200)
);

comment on table admin.erasures is 'Users who were erased by an administrator, without saying who they were. A row that is not finished was interrupted: erase that user again.';
comment on column admin.erasures.id is 'The id of the note.';
comment on column admin.erasures.begun_at is 'When it began.';
comment on column admin.erasures.finished_at is 'When it was done.';
comment on column admin.erasures.reason is 'Why, in the administrator''s words, such as the number of a request.';
comment on column admin.erasures.tasks is 'How many tasks were erased.';
comment on column admin.erasures.entries is 'How many entries of their history were erased.';
comment on column admin.erasures.account is 'Whether an account was erased.';

comment on schema admin is 'What administrators look with, hedgerow_admin among them: no role of the API may look in.';

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
--! EndIncluded identity.sql
--! Included users.policy.sql
/*
 * A user sees, changes and deletes one user record, their own, which their first write brings into being from the claims of their token.
 * Administrators read all records, or one user's once their transaction has been given to that user.
 */

/* Reset */
select app_private.close_table('app_public.users');

/* Policies */
create policy select_owner on app_public.users
for select to hedgerow_visitor
using (id = app_hidden.current_user_id());

create policy insert_owner on app_public.users
for insert to hedgerow_visitor
with check (id = app_hidden.current_user_id());

create policy update_owner on app_public.users
for update to hedgerow_visitor
using (id = app_hidden.current_user_id())
with check (id = app_hidden.current_user_id());

create policy delete_owner on app_public.users
for delete to hedgerow_visitor
using (id = app_hidden.current_user_id());

create policy select_admin on app_public.users
for select to hedgerow_admin
using (coalesce(id = (select app_hidden.current_user_id()), true));

/*
 * Grants. `id` and `email` are not granted: their defaults take them from the token, so that a user record cannot claim an address
 * that the identity provider did not vouch for.
 */
grant select, delete on table app_public.users to hedgerow_visitor;
grant insert (name), update (name) on table app_public.users to hedgerow_visitor;
grant select on table app_public.users to hedgerow_admin;

comment on policy select_owner on app_public.users is 'A user reads only their own record.';
comment on policy insert_owner on app_public.users is 'A user brings only their own record into being.';
comment on policy update_owner on app_public.users is 'A user changes only their own record.';
comment on policy delete_owner on app_public.users is 'A user deletes only their own record.';
comment on policy select_admin on app_public.users is 'Administrators read every record, or that of the user whom their transaction was given to.';
--! EndIncluded users.policy.sql
--! Included tasks.policy.sql
/*
 * A task belongs to the user who made it, for good; nobody else can make, change or delete it, and no other user read it. Administrators read
 * all tasks, or one user's once their transaction has been given to that user.
 */

/* Reset */
select app_private.close_table('app_public.tasks');

/* Policies */
create policy select_owner on app_public.tasks
for select to hedgerow_visitor
using (owner_id = app_hidden.current_user_id());

create policy insert_owner on app_public.tasks
for insert to hedgerow_visitor
with check (owner_id = app_hidden.current_user_id());

create policy update_owner on app_public.tasks
for update to hedgerow_visitor
using (owner_id = app_hidden.current_user_id())
with check (owner_id = app_hidden.current_user_id());

create policy delete_owner on app_public.tasks
for delete to hedgerow_visitor
using (owner_id = app_hidden.current_user_id());

/* Without a subject the comparison is null. It is a filter to whoever reads all rows, so the subject is asked for once and not for each. */
create policy select_admin on app_public.tasks
for select to hedgerow_admin
using (coalesce(owner_id = (select app_hidden.current_user_id()), true));

/*
 * Grants. `owner_id` is not granted: it comes from the token by default and never changes. An `id` may be chosen at the start, so that a
 * create can be retried; keys start with the owner, so it can clash only with the user's own. `version` may be named in an update, which
 * app_private.tg__version then checks; the times are the database's. Truncate is not granted, because it ignores row-level security.
 */
grant select, delete on table app_public.tasks to hedgerow_visitor;
grant insert (id, title, description, completed, priority, due_at, tags) on table app_public.tasks to hedgerow_visitor;
grant update (title, description, completed, priority, due_at, tags, deleted_at, version) on table app_public.tasks to hedgerow_visitor;
grant select on table app_public.tasks to hedgerow_admin;

comment on policy select_owner on app_public.tasks is 'A user reads only their own tasks.';
comment on policy insert_owner on app_public.tasks is 'A user makes tasks only for themselves.';
comment on policy update_owner on app_public.tasks is 'A user changes only their own tasks, and cannot give them away.';
comment on policy delete_owner on app_public.tasks is 'A user deletes only their own tasks.';
comment on policy select_admin on app_public.tasks is 'Administrators read every task, or those of the user whom their transaction was given to.';
--! EndIncluded tasks.policy.sql
--! Included deleted_users.policy.sql
/*
 * A user leaves, and sees, one note that they are gone: their own. It names them by the token, not by what they say. Administrators read all
 * notes, or one user's once their transaction has been given to that user.
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

create policy select_admin on app_hidden.deleted_users
for select to hedgerow_admin
using (coalesce(id = (select app_hidden.current_user_id()), true));

/*
 * Grants. `id` is not granted: its default takes it from the token. Delete is not granted, because a note that its user can take back
 * would end nothing.
 */
grant select on table app_hidden.deleted_users to hedgerow_visitor;
grant insert (deleted_at), update (deleted_at) on table app_hidden.deleted_users to hedgerow_visitor;
grant select on table app_hidden.deleted_users to hedgerow_admin;

comment on policy select_owner on app_hidden.deleted_users is 'A user sees only whether they themselves are gone.';
comment on policy insert_owner on app_hidden.deleted_users is 'A user notes only their own leaving.';
comment on policy update_owner on app_hidden.deleted_users is 'A user who leaves again renews only their own note.';
comment on policy select_admin on app_hidden.deleted_users is 'Administrators read every note, or that of the user whom their transaction was given to.';
--! EndIncluded deleted_users.policy.sql
--! Included task_history.policy.sql
/*
 * A user reads the history of their own tasks. It is written by the triggers of app_public.tasks, whose role can do that and nothing else:
 * an entry is made when a task changes, and goes when its user goes.
 * Administrators read all entries, or one user's once their transaction has been given to that user.
 */

/* Reset */
select app_private.close_table('app_public.task_history');

/* Policies */
create policy select_owner on app_public.task_history
for select to hedgerow_visitor
using (owner_id = app_hidden.current_user_id());

create policy insert_historian on app_public.task_history
for insert to hedgerow_historian
with check (pg_catalog.pg_trigger_depth() > 0);

create policy select_historian on app_public.task_history
for select to hedgerow_historian
using (pg_catalog.pg_trigger_depth() > 0);

create policy delete_historian on app_public.task_history
for delete to hedgerow_historian
using (pg_catalog.pg_trigger_depth() > 0);

create policy select_admin on app_public.task_history
for select to hedgerow_admin
using (coalesce(owner_id = (select app_hidden.current_user_id()), true));

/*
 * Grants. Nobody is granted update or truncate. The historian finds the entries of a user who is gone by `owner_id`, and reads nothing else;
 * whoever may become it (the owner) comes to nothing by that, because its policies hold inside of a trigger only.
 */
grant select on table app_public.task_history to hedgerow_visitor;
grant select on table app_public.task_history to hedgerow_admin;
grant insert, select (owner_id), delete on table app_public.task_history to hedgerow_historian;

comment on policy select_owner on app_public.task_history is 'A user reads only the history of their own tasks.';
comment on policy insert_historian on app_public.task_history is 'Entries are made by triggers, never by hand.';
comment on policy select_historian on app_public.task_history is 'A trigger finds the entries of a user who is gone.';
comment on policy select_admin on app_public.task_history is 'Administrators read every entry, or those of the user whom their transaction was given to.';
comment on policy delete_historian on app_public.task_history is 'Entries are erased by a trigger, when their user is gone, never by hand.';
--! EndIncluded task_history.policy.sql
--! Included admin.sql
/*
 * Administrators look, at all that the schema admin shows and at the tables under it, and change nothing; nobody else looks into that schema.
 * What they see of the tables is decided by the policies of each.
 */

/* Reset */
revoke all on schema admin, app_public, app_hidden, app_private, graphile_migrate from hedgerow_admin;
revoke all on schema admin from public, hedgerow_visitor;
revoke all on all tables in schema admin, graphile_migrate from public, hedgerow_visitor, hedgerow_admin;
revoke all on all functions in schema admin from public, hedgerow_visitor, hedgerow_admin;

/* Grants */
grant usage on schema admin, app_public, app_hidden, graphile_migrate to hedgerow_admin;
grant select on all tables in schema admin to hedgerow_admin;
grant execute on all functions in schema admin to hedgerow_admin;

/* Which migrations have run. */
grant select on table graphile_migrate.migrations to hedgerow_admin;
--! EndIncluded admin.sql
