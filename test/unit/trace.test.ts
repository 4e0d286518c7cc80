/** The judge of traces: what is inside the fence, and every way to be outside of it. C-30, C-35 */
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { judgeAccounts, judgeApi } from '../support/trace/judge.ts';
import { parametersOf, readStatements, type Statement } from '../support/trace/statements.ts';

const settings = 'select set_config(el->>0, el->>1, true) from json_array_elements($1::json) el';
const entries = (given: object) => `$1 = '${JSON.stringify(Object.entries(given)).replaceAll("'", "''")}'`;
const alice = { role: 'hedgerow_visitor', 'jwt.claims.sub': 'alice' };
const read = 'select id from app_public.tasks';

/** A statement; or what it is given; or one that came to nothing, and the error. */
type Asked = string | { set: object } | { refused: string; error?: string };

/** One session that asks so. */
const session = (asked: Asked[], name = 'one'): Statement[] =>
  asked.map((one) => ({
    login: 'api',
    session: name,
    text: typeof one === 'string' ? one : 'set' in one ? settings : one.refused,
    parameters: typeof one === 'object' && 'set' in one ? entries(one.set) : '',
    ...(typeof one === 'object' && 'refused' in one && { error: one.error ?? '42501' }),
  }));

function verdictOn(statements: Statement[], { judge, verdict } = judgeApi('hedgerow_visitor')) {
  statements.forEach(judge);
  return { ...verdict, faults: [...verdict.faults.keys()] };
}
const judged = (...asked: Asked[]) => verdictOn(session(asked));

test('statements between the settings and the end of the transaction are inside the fence, and counted', () => {
  const verdict = judged(
    'begin',
    { set: alice },
    read,
    'select 1 + 1',
    'commit',
    'begin',
    { set: alice },
    read,
    'rollback',
  );

  expect(verdict).toEqual({ fenced: 3, unheard: 0, deliberate: 0, faults: [] });
});

test('nobody is a subject too', () => {
  expect(judged('begin', { set: { ...alice, 'jwt.claims.sub': '' } }, read, 'commit').faults).toEqual([]);
});

test('a savepoint after the settings changes nothing', () => {
  const verdict = judged('begin', { set: alice }, 'savepoint tx1', read, 'rollback to savepoint tx1', read, 'commit');

  expect(verdict).toMatchObject({ fenced: 2, faults: [] });
});

const outside: [string, string, Asked[]][] = [
  ['there is no begin', 'outside a transaction', [read]],
  ['the settings were made outside a transaction', 'outside a transaction', [{ set: alice }, read]],
  ['the transaction is over', 'outside a transaction', ['begin', { set: alice }, 'commit', read]],
  ['the transaction was rolled back', 'outside a transaction', ['begin', { set: alice }, 'rollback', read]],
  ['there are no settings', 'before the settings', ['begin', read, 'commit']],
  ['the settings were refused', 'before the settings', ['begin', { refused: settings }, read, 'commit']],
  ['a savepoint came before the settings', 'before the settings', ['begin', 'savepoint tx', { set: alice }, read]],
  ['the next transaction has no settings', 'before the settings', ['begin', { set: alice }, 'commit', 'begin', read]],
  ['there is a role but no subject', 'without a subject', ['begin', { set: { role: 'hedgerow_visitor' } }, read]],
  ['there is a subject but no role', 'without the role', ['begin', { set: { 'jwt.claims.sub': 'alice' } }, read]],
  ['the role is another', 'without the role', ['begin', { set: { ...alice, role: 'hedgerow_owner' } }, read]],
];

test.each(outside)('a statement is outside the fence when %s', (_when, fault, asked) => {
  const { faults } = judged(...asked);

  expect(faults.filter((found) => found.endsWith(read))).toEqual([expect.stringContaining(fault)]);
});

test('settings before the first statement after the first one are found themselves', () => {
  expect(judged('begin', read, { set: alice }, 'commit').faults).toEqual([
    `before the settings: ${read}`,
    expect.stringMatching(/^changes settings/),
  ]);
});

test.each([
  ['another user’s settings in the middle', { set: { ...alice, 'jwt.claims.sub': 'bob' } }],
  ['a single setting in the middle', "select set_config('jwt.claims.sub', 'bob', true)"],
  ['a role in the middle', 'set local role hedgerow_owner'],
  ['a reset in the middle', 'reset role'],
] as [string, Asked][])('%s is outside the fence', (_what, asked) => {
  const { faults } = judged('begin', { set: alice }, read, asked, read, 'commit');

  expect(faults).toEqual([expect.stringMatching(/^changes settings/)]);
});

test('settings that are not local are outside the fence, and so is what they are for', () => {
  const forTheSession = session(['begin', { set: alice }, read, 'commit']).map((statement) => ({
    ...statement,
    text: statement.text.replace('true', 'false'),
  }));

  expect(verdictOn(forTheSession).faults).toEqual([
    expect.stringMatching(/^changes settings after they were made: select set_config/),
    `before the settings: ${read}`,
  ]);
});

describe('a flight, which is one transaction without begin and commit,', () => {
  const make = "select set_config('role', $1, true), set_config('jwt.claims.sub', $2, true)";
  const flight = (transaction: string, settings: string, parameters: string, ...texts: string[]): Statement[] =>
    [{ text: settings, parameters }, ...texts.map((text) => ({ text, parameters: '' }))].map((statement) => ({
      login: 'api',
      session: 'one',
      transaction,
      ...statement,
    }));
  const asAlice = "$1 = 'hedgerow_visitor', $2 = 'alice'";

  test('is inside the fence, and so is the next', () => {
    const verdict = verdictOn([...flight('3/1', make, asAlice, read), ...flight('3/2', make, asAlice, read)]);

    expect(verdict).toEqual({ fenced: 2, unheard: 0, deliberate: 0, faults: [] });
  });

  test('ends with its transaction: what comes after it is outside', () => {
    const [after] = flight('3/2', read, '');

    expect(verdictOn([...flight('3/1', make, asAlice, read), after!]).faults).toEqual([
      `outside a transaction: ${read}`,
    ]);
  });

  test.each([
    ['has another role', make, "$1 = 'hedgerow_owner', $2 = 'alice'", 'without the role of the visitor'],
    ['has no role', make, "$1 = NULL, $2 = 'alice'", 'without the role of the visitor'],
    ['has no subject', make, "$1 = 'hedgerow_visitor', $2 = NULL", 'without a subject'],
    ['sets no subject', make.replace('sub', 'name'), asAlice, 'without a subject'],
  ])('is outside when it %s', (_what, settings, parameters, fault) => {
    expect(verdictOn(flight('3/1', settings, parameters, read)).faults).toEqual([`${fault}: ${read}`]);
  });

  test.each([
    ['sets something for the session', make.replace('true)', 'false)')],
    ['sets what it computes', make.replace('$2', 'concat($2)')],
    ['does something beside it', `${make}, (select count(*) from app_public.tasks)`],
  ])('is outside when it %s', (_what, settings) => {
    expect(verdictOn(flight('3/1', settings, asAlice, read)).faults).toHaveLength(2);
  });

  test('is outside when PostgreSQL has not said which transaction it was', () => {
    const unknown = flight('3/1', make, asAlice, read).map(({ transaction: _, ...statement }) => statement);

    expect(verdictOn(unknown).faults).toHaveLength(2);
  });

  test('is outside when somebody else is made of its user in the middle', () => {
    const statements = [
      ...flight('3/1', make, asAlice),
      ...flight('3/1', make, "$1 = 'hedgerow_visitor', $2 = 'bob'", read),
    ];

    expect(verdictOn(statements).faults).toEqual([expect.stringMatching(/^changes settings after/)]);
  });
});

test('sessions are told apart', () => {
  const [begin, set] = session(['begin', { set: alice }]);
  const [other] = session([read], 'two');

  expect(verdictOn([begin!, set!, other!]).faults).toEqual([`outside a transaction: ${read}`]);
});

test.each([
  ['42501', 'is refused: the API has no business to ask it'],
  ['22012', 'fails: some rows may have come before the error'],
])('what is asked outside the fence is outside the fence, though it %s %s', (error) => {
  expect(judged({ refused: read, error })).toMatchObject({ unheard: 0, faults: [`outside a transaction: ${read}`] });
});

test('in a transaction that has failed nothing is heard but its end', () => {
  const verdict = judged('begin', { refused: settings }, { refused: read, error: '25P02' }, 'rollback');

  expect(verdict).toEqual({ fenced: 0, unheard: 1, deliberate: 0, faults: [] });
});

describe('several statements in one message', () => {
  test.each([
    ['with settings of their own', `begin; select set_config('role', 'hedgerow_visitor', true); ${read}; commit`],
    ['that end a transaction first', `commit; ${read}`],
    ['that are refused: the first may have read', `${read}; select 1 / 0`],
  ])('%s are outside the fence, wherever they are', (_what, text) => {
    const [alone, inside, refused] = [
      judged(text),
      judged('begin', { set: alice }, text),
      judged({ refused: text, error: '42501' }),
    ];

    for (const { fenced, faults } of [alone, inside, refused]) {
      expect({ fenced, faults }).toEqual({ fenced: 0, faults: [`several statements in one message: ${text}`] });
    }
  });

  test('leave nothing that is known: what follows is outside', () => {
    expect(judged('begin', { set: alice }, 'commit; begin', read).faults).toContain(`outside a transaction: ${read}`);
  });

  test('what does not parse is one of them', () => {
    expect(judged('begin', { set: alice }, 'selekt').faults).toEqual(['several statements in one message: selekt']);
  });
});

test.each(['end', 'abort', 'COMMIT WORK', 'rollback and chain'])('%s ends a transaction, too', (text) => {
  expect(judged('begin', { set: alice }, text, read).faults).toContain(`outside a transaction: ${read}`);
});

test('a transaction within one would keep the settings of the first: it is outside the fence', () => {
  const { faults } = judged(
    'begin',
    { set: alice },
    read,
    'begin',
    { set: { ...alice, 'jwt.claims.sub': 'bob' } },
    read,
  );

  expect(faults).toEqual([
    'begins a transaction in a transaction: begin',
    expect.stringMatching(/^changes settings after they were made/),
  ]);
});

test('a transaction that was cancelled as it began has not begun', () => {
  const { fenced, faults } = judged({ refused: 'begin', error: '57014' }, 'begin', { set: alice }, read);

  expect([fenced, faults]).toEqual([1, []]);
  expect(judged({ refused: 'begin', error: '57014' }, { set: alice }, read).faults).toHaveLength(2);
});

test.each([
  ['set role hedgerow_visitor', 'outside a transaction'],
  [`prepare stolen as ${read}`, 'outside a transaction'],
  ['execute stolen', 'outside a transaction'],
  ['fetch all from held', 'outside a transaction'],
  ['copy app_public.tasks to stdout', 'outside a transaction'],
])('outside a transaction, %s is outside the fence', (text, fault) => {
  expect(judged(text).faults).toEqual([`${fault}: ${text}`]);
});

test.each([
  "do $$ begin execute 'set local role hedgerow_owner'; end $$",
  "prepare as_bob as select set_config('jwt.claims.sub', 'bob', true)",
  'discard all',
  'SET LOCAL ROLE hedgerow_owner',
])('inside a transaction, after the settings, %s is outside the fence', (text) => {
  expect(judged('begin', { set: alice }, text).faults).toEqual([`changes settings after they were made: ${text}`]);
});

describe('a test that asks outside the fence on purpose', () => {
  test('says why in the statement, and is counted', () => {
    const why = '/* outside the fence: what a connection carries */';

    expect(judged(`${why} ${read}`)).toEqual({ fenced: 0, unheard: 0, deliberate: 1, faults: [] });
    expect(judged(`${read} ${why}`, '/* outside the fence */ select 2').faults).toHaveLength(2);
  });

  test('is a test: nothing in src/ says so', async () => {
    const root = join(import.meta.dirname, '../..');
    const sources = globSync(['src/**/*.*', 'migrations/**/*.sql', 'policies/*.sql'], { cwd: root });

    const texts = await Promise.all(sources.map((file) => readFile(join(root, file), 'utf8')));

    expect(sources.length).toBeGreaterThan(100);
    expect(sources.filter((_file, index) => /outside the fence:/i.test(texts[index]!))).toEqual([]);
  });
});

test.each([
  ['select role.rolname from pg_catalog.pg_roles as role where role.rolname = session_user', 0],
  ["select pg_catalog.format('x') where nullif(pg_catalog.current_setting('role'), '') is not null", 0],
  ['select pg_catalog.format(tell())', 1],
  ['select from pg_catalog.pg_class join app_public.tasks on true', 1],
  ['select from pg_catalog.pg_class, tasks', 1],
  ['select from pg_catalog.pg_class where tell()', 1],
  ['select from pg_catalog.pg_class for update', 1],
  ['select 1 into pg_catalog.found from pg_catalog.pg_class', 1],
  ['with gone as (delete from pg_catalog.pg_class) select from pg_catalog.pg_roles', 1],
  ['with tasks as (select 1) select from tasks', 1],
  ['select from tasks', 1],
  ['select app_public.me()', 1],
  ['select from pg_roles', 1],
  ['listen "task_changed:0123456789abcdef0123456789abcdef"', 0],
  ['listen everything', 1],
  ['select 1; select 2', 1],
])('outside the fence: %s (faults: %d)', (text, count) => {
  expect(judged(text).faults).toHaveLength(count);
});

describe('the login that keeps accounts', () => {
  const asked = (...texts: Asked[]) => verdictOn(session(texts), judgeAccounts());

  test('may ask for what is in its own schema, in transactions and without', () => {
    expect(asked('select * from "users" where "id" = $1', 'begin', 'delete from sessions', 'commit')).toEqual({
      fenced: 4,
      unheard: 0,
      deliberate: 0,
      faults: [],
    });
  });

  test.each([
    [read, 'names a schema of users’ data'],
    ['select * from "app_hidden"."deleted_users"', 'names a schema of users’ data'],
    ['set role hedgerow_visitor', 'changes settings'],
    ['set search_path = app_public', 'names a schema of users’ data'],
    ["select set_config('search_path', $1, false)", 'changes settings'],
  ])('may not ask: %s', (text, fault) => {
    expect(asked(text).faults).toEqual([`${fault}: ${text}`]);
    expect(asked({ refused: text }).faults).toEqual([`${fault}: ${text}`]);
  });
});

describe('the log', () => {
  const line = (more: object) =>
    JSON.stringify({ user: 'api', session_id: 's', error_severity: 'LOG', message: '', ...more });

  function statementsOf(lines: string[], ...logins: string[]): Statement[] {
    const found: Statement[] = [];
    const { read, end } = readStatements(logins, (statement) => void found.push(statement));
    lines.forEach(read);
    end();
    return found;
  }

  test('gives the statements of a login, simple and prepared, with their parameters', () => {
    const lines = [
      line({ message: 'statement: begin' }),
      line({ message: 'execute <unnamed>: select $1', detail: "Parameters: $1 = 'it''s'", vxid: '3/7' }),
      line({ message: 'execute a1b2: select\n 2', detail: 'parameters: $1 = NULL' }),
      line({ message: 'fastpath function call: "lo_create" (OID 715)' }),
      line({ message: 'statement: begin', user: 'owner' }),
      line({ message: 'connection authorized' }),
      '',
    ];

    const found = statementsOf(lines, 'api');

    expect(found.map(({ text }) => text)).toEqual(['begin', 'select $1', 'select\n 2', '"lo_create" (OID 715)']);
    expect(found.map(({ transaction }) => transaction)).toEqual([undefined, '3/7', undefined, undefined]);
    expect(found.map(parametersOf)).toEqual([[], ["it's"], [undefined], []]);
  });

  test('tells which statement an error came of', () => {
    const lines = [
      line({ message: 'statement: select 1' }),
      line({ message: 'statement: select 2', session_id: 't' }),
      line({ error_severity: 'ERROR', state_code: '42501', message: 'permission denied', statement: 'select 1' }),
      line({ message: 'statement: select 3' }),
      line({ error_severity: 'ERROR', state_code: '42601', message: 'syntax error', statement: 'selekt' }),
      line({ error_severity: 'FATAL', message: 'terminating connection' }),
    ];

    const found = statementsOf(lines, 'api').map(({ text, error }) => [text, error]);

    expect(new Set(found)).toEqual(
      new Set([
        ['select 1', '42501'],
        ['select 2', undefined],
        ['select 3', undefined],
      ]),
    );
  });

  test('leaves out the databases in which something was planted', () => {
    const lines = [
      line({ message: 'statement: select 1', dbname: 'hedgerow_planted_1' }),
      line({ message: 'statement: select 2', dbname: 'hedgerow_test_1', session_id: 't' }),
    ];

    expect(statementsOf(lines, 'api').map(({ text }) => text)).toEqual(['select 2']);
  });

  test('tells logins apart, and gives the statements of a session in their order', () => {
    const lines = [
      line({ message: 'statement: select 1' }),
      line({ message: 'statement: select 2', user: 'auth', session_id: 't' }),
      line({ message: 'statement: select 3' }),
    ];

    const found = statementsOf(lines, 'api', 'auth').map(({ login, text }) => `${login} ${text}`);

    expect(found.filter((text) => text.startsWith('api'))).toEqual(['api select 1', 'api select 3']);
    expect(found).toContain('auth select 2');
  });
});
