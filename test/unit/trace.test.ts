/** The judge of traces: what is inside the fence, and every way to be outside of it. C-30, C-35 */
import { judge } from '../support/trace/judge.ts';
import { firstParameter, type Statement, statementsOf } from '../support/trace/statements.ts';

const settings = 'select set_config(el->>0, el->>1, true) from json_array_elements($1::json) el';
const entries = (given: object) => `$1 = '${JSON.stringify(Object.entries(given)).replaceAll("'", "''")}'`;
const alice = { role: 'hedgerow_visitor', 'jwt.claims.sub': 'alice' };
const read = 'select id from app_public.tasks';

type Asked = string | { set: object } | { refused: string };

/** One session that asks so. */
const session = (asked: Asked[], name = 'one'): Statement[] =>
  asked.map((one) => ({
    session: name,
    text: typeof one === 'string' ? one : 'set' in one ? settings : one.refused,
    parameters: typeof one === 'object' && 'set' in one ? entries(one.set) : '',
    isRefused: typeof one === 'object' && 'refused' in one,
  }));
const judged = (...asked: Asked[]) => judge(session(asked), 'hedgerow_visitor');

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

  expect(verdict).toEqual({ fenced: 3, refused: 0, deliberate: 0, faults: [] });
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

  expect(judge(forTheSession, 'hedgerow_visitor').faults).toHaveLength(2);
});

test('sessions are told apart', () => {
  const [begin, set] = session(['begin', { set: alice }]);
  const [other] = session([read], 'two');

  expect(judge([begin!, set!, other!], 'hedgerow_visitor').faults).toEqual([`outside a transaction: ${read}`]);
});

test('what PostgreSQL refused touched nothing', () => {
  expect(judged({ refused: read })).toEqual({ fenced: 0, refused: 1, deliberate: 0, faults: [] });
});

test.each([
  ['select role.rolname from pg_catalog.pg_roles as role where role.rolname = session_user', 0],
  ["select pg_catalog.format('x') where nullif(pg_catalog.current_setting('role'), '') is not null", 0],
  ['select pg_catalog.format(tell())', 1],
  ['select from pg_catalog.pg_class join app_public.tasks on true', 1],
  ['select from tasks', 1],
  ['select app_public.me()', 1],
  ['select from pg_roles', 1],
  ['listen "task_changed:0123456789abcdef0123456789abcdef"', 0],
  ['listen everything', 1],
  ['select 1; select 2', 1],
])('outside the fence: %s (faults: %d)', (text, count) => {
  expect(judged(text).faults).toHaveLength(count);
});

describe('the log', () => {
  const line = (more: object) =>
    JSON.stringify({ user: 'api', session_id: 's', error_severity: 'LOG', message: '', ...more });

  test('gives the statements of one login, simple and prepared, with their parameters', () => {
    const lines = [
      line({ message: 'statement: begin' }),
      line({ message: 'execute <unnamed>: select $1', detail: "Parameters: $1 = 'it''s'" }),
      line({ message: 'execute a1b2: select\n 2', detail: 'parameters: $1 = NULL' }),
      line({ message: 'statement: begin', user: 'owner' }),
      line({ message: 'connection authorized' }),
      '',
    ];

    const found = statementsOf(lines, 'api');

    expect(found.map(({ text }) => text)).toEqual(['begin', 'select $1', 'select\n 2']);
    expect(found.map(firstParameter)).toEqual([undefined, "it's", undefined]);
  });

  test('tells which statement an error came of', () => {
    const lines = [
      line({ message: 'statement: select 1' }),
      line({ message: 'statement: select 2', session_id: 't' }),
      line({ error_severity: 'ERROR', message: 'permission denied', statement: 'select 1' }),
      line({ message: 'statement: select 3' }),
      line({ error_severity: 'ERROR', message: 'syntax error', statement: 'selekt' }),
      line({ error_severity: 'FATAL', message: 'terminating connection' }),
    ];

    expect(statementsOf(lines, 'api').map(({ text, isRefused }) => [text, isRefused])).toEqual([
      ['select 1', true],
      ['select 2', false],
      ['select 3', false],
    ]);
  });
});
