/** Which values of rows a function tells, as its source says. */
import { readProgram } from '../../../src/proof/lint/program.ts';

const plpgsql = (declarations: string, body: string) =>
  readProgram({
    language: 'plpgsql',
    parameters: ['wanted'],
    definition: `create function app.f(wanted text) returns void language plpgsql as $$
      declare ${declarations} begin ${body} end $$`,
  });
const trigger = (declarations: string, body: string) =>
  readProgram({
    language: 'plpgsql',
    parameters: [],
    definition: `create function app.f() returns trigger language plpgsql as $$ declare ${declarations} begin ${body} end $$`,
  });

test.each([
  ['a field of a record', 'r record;', "select * into r from a.t; raise 'x %', r.title;", ['title']],
  ['a row as a whole', 'r a.t;', 'select * into r from a.t; raise using message = r::text;', ['*']],
  ['the row of a loop', 'r record;', "for r in select * from a.t loop raise notice '%', r.title; end loop;", ['title']],
  ['a variable', 'v text;', "select title into v from a.t; raise 'x' using hint = v;", ['title']],
  ['the second of two', 'v text; w text;', "select id, title into v, w from a.t; raise 'x %', w;", ['title']],
  ['a way round', "v text; w text := 'x';", "select title into v from a.t; w := w || v; raise 'x %', w;", ['title']],
  ['a subquery', '', "raise 'x %', (select title from a.t limit 1);", ['title']],
  ['a default', 'v text := (select title from a.t);', "raise 'x %', v;", ['title']],
  ['what was written', 'v text;', "delete from a.t returning title into v; raise 'x %', v;", ['title']],
  ['dynamic SQL', 'v text;', "execute 'select …' into v; raise 'x %', v;", ['*']],
  ['a field that was filled', 'r a.t;', "select secret into r.title from a.s; raise 'x %', r.title;", ['title']],
  ['a cursor', 'c cursor for select title from a.t; v text;', "open c; fetch c into v; raise 'x %', v;", ['*']],
  ['an aggregate', 'v text[];', "select array_agg(title) into v from a.t; raise 'x %', v;", ['title']],
])('%s in an error is told', (_what, declarations, body, carried) => {
  expect(plpgsql(declarations, body).told.map((one) => ({ via: one.via, carried: one.carried }))).toEqual([
    { via: 'raise', carried },
  ]);
});

test.each([
  ['a parameter', '', "raise 'x %', wanted;"],
  ['how many', 'n bigint;', "select count(title) into n from a.t; raise 'x %', n;"],
  ['whether', '', "raise 'x %', exists (select from a.t);"],
  ['what is read and not raised', 'v text;', "select title into v from a.t; raise 'x %', wanted;"],
  ['an option that is not shown', 'v text;', "select title into v from a.t; raise 'x' using errcode = v;"],
])('%s in an error is let pass', (_what, declarations, body) => {
  expect(plpgsql(declarations, body).told).toEqual([]);
});

test('what a writer wrote may be in the error, and not in a notification', () => {
  const { told } = trigger('', "perform pg_notify('x', new.title); raise 'x %', new.title;");

  expect(told).toEqual([{ via: 'notify', expression: 'new.title', carried: ['title'] }]);
});

test.each([
  ['the row', "perform pg_notify('x', row_to_json(new)::text);", ['*']],
  ['the old row', "perform pg_catalog.pg_notify('x', old::text);", ['*']],
  ['dynamic SQL', "execute format('notify x, %L', new.title);", ['title']],
  ['a transition table', "perform pg_notify('x', string_agg(changed.title, ',')) from changed;", ['title']],
])('%s in a notification is told', (_what, body, carried) => {
  expect(trigger('', body).told.map((one) => ({ via: one.via, carried: one.carried }))).toEqual([
    { via: 'notify', carried },
  ]);
});

test('a function in SQL is read too, and its parameters are no columns', () => {
  const { told, mentions } = readProgram({
    language: 'sql',
    parameters: ['wanted'],
    definition: "select pg_notify('x', wanted || title) from a.t where id = 1",
  });

  expect(told.map(({ carried }) => carried)).toEqual([['title']]);
  expect(mentions).toEqual([{ schema: 'a', relation: 't' }]);
});

test('the relations of a function are named, whatever is done with them', () => {
  const { mentions } = plpgsql(
    '',
    'update a.t set x = 1; insert into u select from v; delete from a.w; perform 1 from a.x;',
  );

  expect(mentions.map(({ schema, relation }) => `${schema}.${relation}`).sort()).toEqual([
    'a.t',
    'a.w',
    'a.x',
    'undefined.u',
    'undefined.v',
  ]);
});

test('a source that does not parse tells why', () => {
  const { told } = plpgsql('', 'elsif;');

  expect(told).toEqual([{ via: 'unread', expression: expect.stringContaining('syntax error'), carried: [] }]);
});

test('the field of a %rowtype may be written', () => {
  const { told } = plpgsql('r "A b".t%rowtype;', "select * into r from a.t; r.v := 1; raise 'x %', r.title;");

  expect(told).toEqual([{ via: 'raise', expression: 'r.title', carried: ['title'] }]);
});
