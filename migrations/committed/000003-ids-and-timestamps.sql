--! Previous: sha1:2d9426756c027a6168f203c57ea5c7c6bb4b34bd
--! Hash: sha1:2f2a2890c09ff72f9fb3d4d085ba41a7a3fd4005
--! Message: ids and timestamps

--! split: 1-current.sql
/*
 * What several tables lean on: ids in time order, and timestamps that the database keeps.
 */

/*
 * UUID version 7: the first 48 bits are Unix milliseconds, so primary-key order is time order and new rows land at the end of the index.
 * PostgreSQL has it from 18 on. Before, the same layout is assembled from a random UUID: 48 bits of milliseconds, the version digit
 * 7, 12 bits of the fraction of the millisecond (as PostgreSQL 18 does, RFC 9562 section 6.2 method 3), 62 random bits.
 */
do $migration$
begin
  if pg_catalog.current_setting('server_version_num')::int >= 180000 then
    create function app_hidden.new_id() returns uuid
    language sql
    volatile
    parallel safe
    as $$
      select pg_catalog.uuidv7()
    $$;
  else
    create function app_hidden.new_id() returns uuid
    language sql
    volatile
    parallel safe
    as $$
      select pg_catalog.encode(
        pg_catalog.overlay(
          pg_catalog.uuid_send(pg_catalog.gen_random_uuid()),
          pg_catalog.substring(pg_catalog.int8send(clock.microseconds / 1000), 3)
            || pg_catalog.int2send((28672 + clock.microseconds % 1000 * 4096 / 1000)::int2),
          1,
          8
        ),
        'hex'
      )::uuid
      from (
        select (extract(epoch from pg_catalog.clock_timestamp()) * 1000000)::bigint as microseconds
      ) as clock
    $$;
  end if;
end
$migration$;

grant execute on function app_hidden.new_id() to hedgerow_visitor;

comment on function app_hidden.new_id() is 'A new UUID version 7: ids sort by the time at which they were made.';

/*
 * A row's updated_at grows with every change, also when two changes fall into one transaction or the clock was set back: readers use
 * it to tell versions apart.
 */
create function app_private.tg__updated_at() returns trigger
language plpgsql
volatile
as $$
begin
  new.updated_at = greatest(pg_catalog.now(), old.updated_at + interval '1 microsecond');
  return new;
end
$$;

comment on function app_private.tg__updated_at() is 'Trigger: sets updated_at to now, and always later than it was.';
