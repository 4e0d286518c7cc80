/**
 * The style of the SQL that people write. sql-formatter 15 was tried: it breaks `grant select`, `for select` and `with check` in two and
 * cannot read psql's backslash commands; so a machine checks here what it can, and changes nothing.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const shapes = ['teams', 'studio'].map((shape) => `test/proof/schemas/${shape}`);
const sqlFiles = [
  ...['policies', 'policies/testing', 'migrations/committed', 'migrations/current'],
  ...shapes.flatMap((shape) => [shape, `${shape}/faults`, `${shape}/suites/good`, `${shape}/suites/bad`]),
]
  .flatMap((folder) => readdirSync(join(root, folder)).map((file) => `${folder}/${file}`))
  // The snapshot is as PostgreSQL prints it.
  .filter((file) => file.endsWith('.sql') && file !== 'policies/snapshot.sql');

/** Comments blanked out, strings and quoted names underlined, place for place; dollar-quoted bodies are SQL and stay. */
const codeOf = (sql: string) =>
  sql.replaceAll(/\/\*[\s\S]*?\*\/|--.*|'(?:[^']|'')*'|"[^"]*"/g, (text) =>
    text.replaceAll(/[^\n]/g, /^['"]/.test(text) ? '_' : ' '),
  );

const keywords =
  /\b(SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|GRANT|REVOKE|FROM|WHERE|AND|OR|NOT|NULL|ON|TO|USING|WITH|CHECK|BEGIN|END|RETURN|RETURNS|TABLE|FUNCTION|POLICY|TRIGGER|COMMENT|IS|AS|SET)\b/;

const rules: Record<string, (line: string, code: string) => boolean> = {
  'has a tab': (line) => line.includes('\t'),
  'ends in white space': (line) => /\s$/.test(line),
  'has a keyword in capitals': (_line, code) => keywords.test(code),
  'is indented by other than twos': (_line, code) => /^(?: {2})* \S/.test(code) && !/^\s*\*/.test(code),
  'ends in a logical operator, which belongs at the start of the next': (_line, code) => /\b(and|or)\s*$/.test(code),
};

/** `line 3 has a tab` and so on. */
function faultsOf(sql: string): string[] {
  const code = codeOf(sql).split('\n');
  return sql.split('\n').flatMap((line, index) =>
    Object.entries(rules)
      .filter(([, broken]) => broken(line, code[index]!))
      .map(([name]) => `line ${index + 1} ${name}`),
  );
}

test.each(sqlFiles)('%s keeps to the style', (file) => {
  expect(faultsOf(readFileSync(join(root, file), 'utf8'))).toEqual([]);
});

test.each([
  ['select\t1', 'has a tab'],
  ['select 1 ', 'ends in white space'],
  ['SELECT 1', 'has a keyword in capitals'],
  [' select 1', 'is indented by other than twos'],
  ['where a and', 'ends in a logical operator, which belongs at the start of the next'],
])('%j is a fault', (sql, fault) => {
  expect(faultsOf(sql)).toEqual([`line 1 ${fault}`]);
});

test.each(["select 'AND'", '/* AND so on */', '-- NOT here', 'select "ON"'])('%j is none', (sql) => {
  expect(faultsOf(sql)).toEqual([]);
});

const policyFiles = sqlFiles.filter((file) => file.endsWith('.policy.sql'));

test.each(policyFiles)('%s says its rule first, then resets, then policies, grants, comments', (file) => {
  const sql = readFileSync(join(root, file), 'utf8');

  const parts = [
    /^\/\*\n \* [A-Z]/,
    /^\/\* Reset \*\/$/m,
    /^\/\* Policies \*\/$/m,
    /^( \*|\/\*) Grants\b/m,
    /^comment on policy/m,
  ];
  const positions = parts.map((part) => sql.search(part));

  expect(positions).not.toContain(-1);
  expect(positions).toEqual(positions.toSorted((a, b) => a - b));
});
