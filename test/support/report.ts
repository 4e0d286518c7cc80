/** Reports for the tests of what is made of them: of an empty database, of an ordinary one, and of one full of texts that want to be more than text. */
import type { Report } from '../../src/admin/report/report.ts';

const at = new Date('2026-11-21T12:00:00Z');

export const emptyReport: Report = {
  place: { database: 'hedgerow', postgres: '18.4', bytes: 8_000_000, at },
  totals: { users: 0, activeInWeek: 0, activeInMonth: 0, openTasks: 0, completedTasks: 0, trashedTasks: 0 },
  topUsers: [],
  arrivals: [],
  taskDays: [],
  tables: [],
  statements: [],
  indexes: [],
  waitingLocks: [],
  idleSessions: [],
  migrations: { newest: 15, appliedAt: at },
  release: { version: '1.2.3', newestMigration: 15, score: null },
};

const table = { liveRows: 900, deadRows: 0, inserted: 0, updated: 0, deleted: 0, countedSince: null };

export const exampleReport: Report = {
  ...emptyReport,
  totals: { users: 12, activeInWeek: 3, activeInMonth: 7, openTasks: 1234, completedTasks: 300, trashedTasks: 4 },
  topUsers: [
    {
      id: 'alice',
      name: 'Alice',
      email: 'alice@example.com',
      openTasks: 1200,
      completedTasks: 299,
      trashedTasks: 4,
      bytes: 123_456,
      lastActiveAt: at,
    },
  ],
  arrivals: [
    { day: '2026-11-02', users: 2 },
    { day: '2026-11-20', users: 10 },
  ],
  taskDays: [
    { day: '2026-11-01', created: 1000, completed: 0, trashed: 0 },
    { day: '2026-11-21', created: 538, completed: 300, trashed: 4 },
  ],
  tables: [
    {
      ...table,
      name: 'app_public.tasks',
      rowBytes: 3_145_728,
      indexBytes: 1_048_576,
      inserted: 1600,
      updated: 300,
      deleted: 62,
    },
    { ...table, name: 'app_public.users', rowBytes: 16_384, indexBytes: 16_384, inserted: 12 },
    { ...table, name: 'app_hidden.deleted_users', rowBytes: 8192, indexBytes: 8192 },
  ],
  statements: [
    { query: 'select 1', role: 'hedgerow_visitor', calls: 4000, totalMs: 90_000, meanMs: 22.5, maxMs: 400, share: 0.9 },
    { query: 'select 2', role: 'hedgerow_owner', calls: 1, totalMs: 10, meanMs: 10, maxMs: 10, share: 0.0001 },
  ],
  release: { ...emptyReport.release, score: { of: '0123456789abcdef', killed: 440, survived: 0, equivalent: 8 } },
};

/** Markup, right-to-left text, what steers a terminal, and nothing that breaks a line. */
export const nasty = `</title></text><script>alert(1)</script><img src=x onerror=alert(2)>"'&amp;\u001b[2J\u202eעברית ${'w'.repeat(300)}`;

/** Everything at once, all of it with such texts. */
export const nastyReport: Report = {
  ...exampleReport,
  place: { ...exampleReport.place, database: nasty },
  totals: {
    users: 10_000,
    activeInWeek: 9_999,
    activeInMonth: 10_000,
    openTasks: 1e12,
    completedTasks: 1e9,
    trashedTasks: 1,
  },
  topUsers: Array.from({ length: 10 }, (_, index) => ({
    ...exampleReport.topUsers[0]!,
    id: `${index} ${nasty}`,
    name: nasty,
    email: nasty,
  })),
  arrivals: Array.from({ length: 3000 }, (_, index) => ({
    day: new Date(at.getTime() - (3000 - index) * 86_400_000).toISOString().slice(0, 10),
    users: index,
  })),
  tables: Array.from({ length: 12 }, (_, index) => ({
    ...table,
    name: `${index}${nasty}`,
    rowBytes: 2 ** (45 - index),
    indexBytes: 2 ** (44 - index),
    inserted: 1e12,
    updated: 1e11,
    deleted: 1e11,
    deadRows: 1e10,
  })),
  statements: Array.from({ length: 10 }, (_, index) => ({
    ...exampleReport.statements![0]!,
    query: nasty.repeat(5),
    role: nasty,
    totalMs: 1e9 / (index + 1),
  })),
  indexes: [{ name: nasty, table: nasty, bytes: 2 ** 40, scans: 0, remark: `invalid: ${nasty}` }],
  waitingLocks: [{ pid: 7, login: nasty, object: nasty, blockedBy: [8], waitingMs: 5000, query: nasty }],
  idleSessions: [
    { pid: 8, login: nasty, application: nasty, state: 'idle in transaction', transactionMs: 60_000, query: nasty },
  ],
  migrations: { newest: 14, appliedAt: at },
  release: { ...exampleReport.release, version: nasty, score: { of: 'x', killed: 400, survived: 40, equivalent: 8 } },
};
