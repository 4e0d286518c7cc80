/** What of a report needs attention. */
import { attentionTo } from '../../../src/admin/report/attention.ts';
import { exampleReport } from '../../support/report.ts';

test('of a report in which all is well, nothing does', () => {
  expect(attentionTo(exampleReport)).toEqual([]);
});

const [tasks] = exampleReport.tables;
const idle = { pid: 8, login: 'l', application: 'a', state: 'idle in transaction', transactionMs: 2500, query: 'q' };
const lock = {
  pid: 7,
  login: 'l',
  object: 'app_public.tasks',
  blockedBy: [8, 9],
  waitingMs: 61_000,
  query: '/* c */ q',
};
const index = { name: 'a.i', table: 'a.t', bytes: 8192, scans: 0, remark: 'never used' };

test.each([
  [
    'problem',
    { migrations: { newest: 14, appliedAt: null } },
    'The database is behind: the last migration that ran is 14, the newest of release 1.2.3 is 15.',
    'Run "hedgerow migrate".',
  ],
  [
    'problem',
    { migrations: { newest: null, appliedAt: null } },
    'The database is behind: the last migration that ran is none, the newest of release 1.2.3 is 15.',
    'Run "hedgerow migrate".',
  ],
  [
    'problem',
    { migrations: { newest: 16, appliedAt: null } },
    'The database is ahead: the last migration that ran is 16, the newest of release 1.2.3 is 15.',
    'Look with the release that it was migrated by: this one may not know all that is there.',
  ],
  [
    'problem',
    { waitingLocks: [lock] },
    'Process 7 (l) waits for app_public.tasks, for 1 min now: q',
    'See who holds it: select * from admin.sessions where pid in (8, 9).',
  ],
  [
    'problem',
    { waitingLocks: [{ ...lock, object: null, waitingMs: null, blockedBy: [] }] },
    'Process 7 (l) waits for a lock: q',
    'Who held it has let go by now.',
  ],
  [
    'problem',
    { idleSessions: [idle] },
    'Process 8 (l, a) is idle in transaction, for 2.5 s now: q',
    'What it has locked stays locked until its transaction ends.',
  ],
  [
    'note',
    { indexes: [index] },
    'The index a.i of a.t (8 kB): never used.',
    'Every write pays for it. Drop it by a migration if no query is to come that needs it.',
  ],
  [
    'problem',
    { indexes: [{ ...index, remark: 'invalid: reindex it' }] },
    'The index a.i of a.t (8 kB): invalid: reindex it.',
    'reindex index concurrently a.i, as the owner.',
  ],
  [
    'note',
    { tables: [{ ...tasks!, liveRows: 1000, deadRows: 1001 }] },
    'app_public.tasks has more dead rows (1,001) than rows.',
    'See whether autovacuum runs, or run "vacuum app_public.tasks" as the owner.',
  ],
  [
    'note',
    { tables: [{ ...tasks!, name: 'app_history.task_history_default', liveRows: 12 }] },
    '12 entries of the history are in no month: nobody has made its table ahead.',
    'Run "hedgerow migrate" or "hedgerow admin prune" at least every three months.',
  ],
  [
    'problem',
    { release: { ...exampleReport.release, score: { of: '', killed: 9, survived: 1, equivalent: 0 } } },
    "The tests of this release's policies overlook 1 mutant (score 90 %).",
    'Run "hedgerow policies mutate" in a checkout: it names them.',
  ],
  [
    'note',
    { statements: null },
    'Nothing counts what statements take: pg_stat_statements is not installed.',
    'Add it to shared_preload_libraries, restart PostgreSQL, and run "hedgerow bootstrap" as a superuser.',
  ],
])('a %s: %j', (level, difference, what, remedy) => {
  expect(attentionTo({ ...exampleReport, ...difference })).toEqual([{ level, what, remedy }]);
});

test.each([
  ['as many dead rows as rows', { tables: [{ ...tasks!, liveRows: 1001, deadRows: 1001 }] }],
  [
    'entries of the history that have their month',
    { tables: [{ ...tasks!, name: 'app_history.task_history_default', liveRows: 0, deadRows: 0 }] },
  ],
  ['few dead rows', { tables: [{ ...tasks!, liveRows: 0, deadRows: 1000 }] }],
])('%s need none', (_what, difference) => {
  expect(attentionTo({ ...exampleReport, ...difference })).toEqual([]);
});

test('problems come before notes', () => {
  const release = { ...exampleReport.release, score: { of: '', killed: 9, survived: 1, equivalent: 0 } };
  const found = attentionTo({ ...exampleReport, statements: null, indexes: [index], release });

  expect(found.map(({ level, what }) => [level, what.slice(0, 9)])).toEqual([
    ['problem', 'The tests'],
    ['note', 'The index'],
    ['note', 'Nothing c'],
  ]);
});
