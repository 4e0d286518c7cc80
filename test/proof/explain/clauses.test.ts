/** How the SQL of a predicate is taken apart, in the database. */
import { explainingFunctions } from '../../../src/proof/explain/functions.ts';
import { useDatabase } from '../../support/database.ts';

const database = useDatabase();

beforeAll(async () => {
  // What is in this folder now, whatever the last migration has.
  await database.admin.query(await explainingFunctions());
});

async function partsOf(expression: string) {
  const { rows } = await database.admin.query('select kind, parts from admin.parts_of($1)', [expression]);
  return rows[0] as { kind: string; parts: string[] };
}

test.each<[string, string, string[]]>([
  ['(a = b)', 'comparison', ['a', 'b']],
  ['((a))', 'whole', []],
  ['is_public', 'whole', []],
  ['true', 'whole', []],
  ['((a = 1) AND (b = 2))', 'and', ['(a = 1)', '(b = 2)']],
  ['((a = 1) AND ((b = 2) OR (c = 3)) AND d)', 'and', ['(a = 1)', '((b = 2) OR (c = 3))', 'd']],
  ['((a AND b) OR (c AND d))', 'or', ['(a AND b)', '(c AND d)']],
  ['(a AND b) OR (c AND d)', 'or', ['(a AND b)', '(c AND d)']],
  ['(NOT (a = b))', 'not', ['(a = b)']],
  ['(NOT a)', 'not', ['a']],
  ["((a = 'x AND (y'::text) OR b)", 'or', ["(a = 'x AND (y'::text)", 'b']],
  ["(a = 'it''s (OR) not'::text)", 'comparison', ['a', "'it''s (OR) not'::text"]],
  [String.raw`(a = E'\\'' OR ('::text)`, 'comparison', ['a', String.raw`E'\\'' OR ('::text`]],
  ['("AND" = "O""R (")', 'comparison', ['"AND"', '"O""R ("']],
  ['("end" = "case")', 'comparison', ['"end"', '"case"']],
  ['(a IS NULL)', 'comparison', ['a']],
  ['(a IS NOT NULL)', 'comparison', ['a']],
  ['((a > b) IS TRUE)', 'comparison', ['(a > b)']],
  ['(a IS DISTINCT FROM b)', 'comparison', ['a', 'b']],
  ['(a IS NOT DISTINCT FROM (b || c))', 'comparison', ['a', '(b || c)']],
  ["(a = ANY (ARRAY['x'::text, 'y'::text]))", 'comparison', ['a', "ARRAY['x'::text, 'y'::text]"]],
  ['(a <> ALL (b))', 'comparison', ['a', 'b']],
  ['(a = ANY ((SELECT f() AS f)::integer[]))', 'comparison', ['a', '(SELECT f() AS f)::integer[]']],
  ['(a = ANY ( SELECT m.x FROM m))', 'comparison', ['a']],
  ['(a IN ( SELECT m.x FROM m WHERE ((m.y = 1) AND (m.z = 2))))', 'comparison', ['a']],
  ['(( SELECT auth.uid() AS uid) = user_id)', 'comparison', ['(SELECT auth.uid() AS uid)', 'user_id']],
  ['(ROW(a, b) = ROW(c, d))', 'comparison', ['ROW(a, b)', 'ROW(c, d)']],
  ['(a OPERATOR(extensions.=) b)', 'comparison', ['a', 'b']],
  ["((a)::text ~~ 'x%'::text)", 'comparison', ['(a)::text', "'x%'::text"]],
  ["((a -> 'b'::text) = c)", 'comparison', ["(a -> 'b'::text)", 'c']],
  ['((tags[1])::text = (x).y)', 'comparison', ['(tags[1])::text', '(x).y']],
  ['((a + b) > (- 1))', 'comparison', ['(a + b)', '(- 1)']],
  ['(- a)', 'whole', []],
  ['(a COLLATE "C")', 'whole', []],
  ["(a AT TIME ZONE 'UTC'::text)", 'whole', []],
  ['CASE WHEN (a AND b) THEN (c = d) ELSE (e OR f) END', 'whole', []],
  ['(CASE WHEN (a AND b) THEN c ELSE d END = e)', 'comparison', ['CASE WHEN (a AND b) THEN c ELSE d END', 'e']],
  ['(CASE WHEN a THEN b ELSE c END AND d)', 'and', ['CASE WHEN a THEN b ELSE c END', 'd']],
  ['(EXISTS ( SELECT 1 FROM m WHERE ((m.a = t.a) AND m.b)))', 'whole', []],
  ['app.is_member(team_id)', 'call', ['team_id']],
  ['("App".f(a, (b + 1), \'x, y\'::text))', 'call', ['a', '(b + 1)', "'x, y'::text"]],
  ['COALESCE(a, false)', 'call', ['a', 'false']],
  ['f()', 'whole', []],
  ['f(VARIADIC a)', 'whole', []],
  ['f(a => b)', 'whole', []],
  ['f(a)[1]', 'whole', []],
  ['(a AND', 'whole', []],
  ['a) AND (b', 'whole', []],
])('%s is %s of %j', async (expression, kind, parts) => {
  expect(await partsOf(expression)).toEqual({ kind, parts });
});

// The shapes above as PostgreSQL itself prints them: what comes out must be expressions again, and mean the same.
test.each([
  "a = 1 and (b = 'x AND y' or b like '(%') and not (a between 2 and 3)",
  "case when a > 1 then b = 'END' else a is null end or a in (1, 2, 3) or a not in (4, 5)",
  'a = any (select generate_series(1, 3)) and (a, b) in (select 1, $$x$$) and exists (select 1 where a > 0 and b is not null)',
  'a is distinct from length(b) and coalesce(a > 1, false) and -a < 0 and b = any (string_to_array($$x,y$$, $$,$$))',
  String.raw`b ~ '\(AND' and b <> E'\\''' and b collate "C" > 'a' and (a is null) is not true`,
])('%s, put together from its parts, means the same', async (written) => {
  const { rows } = await database.admin
    .query<{ printed: string }>(
      `create temporary view printed as select (${written}) as value from (values (1, 'x'::text)) as t (a, b);`,
    )
    .then(() =>
      database.admin.query(`select substring(pg_get_viewdef('printed'::regclass), 'SELECT (.*) AS value') as printed`),
    );
  await database.admin.query('drop view printed');
  const printed = rows[0]!.printed;

  const again = await assemble(printed);

  const { rows: values } = await database.admin.query<{ same: boolean }>(
    `select (${printed}) is not distinct from (${again}) as same
     from (values (1, 'x'), (2, 'x AND y'), (3, '(b'), (null, null), (7, 'END'), (0, 'y')) as t (a, b)`,
  );
  expect(values).toEqual(Array.from({ length: 6 }, () => ({ same: true })));
});

async function assemble(expression: string): Promise<string> {
  const { kind, parts } = await partsOf(expression);
  if (kind === 'not') return `(not ${await assemble(parts[0]!)})`;
  if (kind !== 'and' && kind !== 'or') return `(${expression})`;
  const assembled = [];
  for (const part of parts) assembled.push(await assemble(part));
  return `(${assembled.join(` ${kind} `)})`;
}
