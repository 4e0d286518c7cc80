--! Previous: sha1:eac7148e94b18520174ed04afbf2726b00e17030
--! Hash: sha1:0ddc0853c37eb2fa7be3888cc715c129263ff642
--! Message: task search

--! split: 1-current.sql
/*
 * Full-text search. The words of a task are kept beside it, so that a search reads vectors and not texts. There is no GIN index: `@@` is not
 * leakproof, so under row-level security such an index could not be used ahead of the policy; the search looks through the owner's rows.
 */

/*
 * English stemming, which leaves words of other languages nearly as they are, but without stop words: "IT" and "who" are words that people
 * search tasks for.
 */
create text search dictionary app_hidden.english_stems (
  template = pg_catalog.snowball,
  language = english
);
create text search configuration app_hidden.task_words (copy = pg_catalog.english);
alter text search configuration app_hidden.task_words alter mapping replace english_stem with app_hidden.english_stems;

comment on text search dictionary app_hidden.english_stems is 'English stems, without stop words.';
comment on text search configuration app_hidden.task_words is 'How the words of tasks are told apart and compared.';

alter table app_public.tasks
  add column words tsvector generated always as (
    setweight(to_tsvector('app_hidden.task_words', title), 'A')
    || setweight(to_tsvector('app_hidden.task_words', coalesce(description, '')), 'B')
  ) stored;

comment on column app_public.tasks.words is 'The words of title and description, as search compares them.';

create function app_hidden.task_search(search text) returns tsquery
language sql
immutable
parallel safe
as $$
  select pg_catalog.websearch_to_tsquery('app_hidden.task_words', search)
$$;

grant execute on function app_hidden.task_search(text) to hedgerow_visitor;

comment on function app_hidden.task_search(text) is 'What a person types into a search box: words, "phrases in quotes", or, and -exclusions. Never an error.';
