--! Previous: sha1:3bf28c2a1d1ddcf382f7c2503dec572a7bc7d43c
--! Hash: sha1:8af5d3082e08e219a3882329e1beefbfb1dc8970
--! Message: check constraints that are prepared in no time

--! split: 1-current.sql
/*
 * What the check constraints of tasks call is written in PL/pgSQL from now on. PostgreSQL prepares the constraints anew for every statement that
 * writes, and reads the text of a function in SQL each time, to see whether it can stand in the constraint itself: 100 of the 640 µs of processor
 * time that one new task took.
 */
create or replace function app_hidden.trimmed(given text) returns text
language plpgsql
immutable
parallel safe
as $$
begin
  return pg_catalog.btrim(
    given,
    E'\u0009\u000A\u000B\u000C\u000D\u0020\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF'
  );
end
$$;

create or replace function app_hidden.shortest(texts text[]) returns integer
language plpgsql
immutable
parallel safe
as $$
begin
  return min(pg_catalog.char_length(app_hidden.trimmed(given))) from pg_catalog.unnest(texts) as given;
end
$$;

create or replace function app_hidden.longest(texts text[]) returns integer
language plpgsql
immutable
parallel safe
as $$
begin
  return max(pg_catalog.char_length(app_hidden.trimmed(given))) from pg_catalog.unnest(texts) as given;
end
$$;

create or replace function app_hidden.has_duplicates(texts text[]) returns boolean
language plpgsql
immutable
parallel safe
as $$
begin
  return count(*) > count(distinct app_hidden.trimmed(given)) from pg_catalog.unnest(texts) as given;
end
$$;
