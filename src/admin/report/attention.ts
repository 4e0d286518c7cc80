/** What of a report somebody should look into, and what to do: the worst first. */
import { percentage } from '../../proof/mutate/report.ts';
import { cut, withoutComments } from './cut.ts';
import type { Report } from './report.ts';
import { printBytes, printCount, printDuration, printNumber } from './units.ts';

export type Attention = {
  /** problem: something does not work, or somebody waits. note: something can be better. */
  level: 'problem' | 'note';
  what: string;
  /** What to do. */
  remedy: string;
};

/** A table is worth a vacuum by hand when so many rows are dead, and more than are alive. */
const manyDeadRows = 1000;

/** All there is. */
export const attentionTo = (report: Report): Attention[] =>
  [
    ...schema(report),
    ...waiting(report),
    ...idle(report),
    ...indexes(report),
    ...deadRows(report),
    ...withoutMonth(report),
    ...score(report),
    ...counting(report),
  ].toSorted((one, other) => rank(one) - rank(other));

const rank = ({ level }: Attention) => (level === 'problem' ? 0 : 1);

/** Where entries of the history lie whose month had no table when they were written. */
const historyWithoutMonth = 'app_history.task_history_default';

const withoutMonth = ({ tables }: Report): Attention[] =>
  tables
    .filter(({ name, liveRows }) => name === historyWithoutMonth && liveRows > 0)
    .map(({ liveRows }) => ({
      level: 'note',
      what: `${printCount(liveRows)} entries of the history are in no month: nobody has made its table ahead.`,
      remedy: 'Run "hedgerow migrate" or "hedgerow admin prune" at least every three months.',
    }));

/** Whether the database is that of this release. */
function schema({ migrations, release }: Report): Attention[] {
  const ran = migrations.newest ?? 0;
  if (ran === release.newestMigration) return [];
  const state = `the last migration that ran is ${migrations.newest ?? 'none'}, the newest of release ${release.version} is ${release.newestMigration}`;
  return [
    ran < release.newestMigration
      ? { level: 'problem', what: `The database is behind: ${state}.`, remedy: 'Run "hedgerow migrate".' }
      : {
          level: 'problem',
          what: `The database is ahead: ${state}.`,
          remedy: 'Look with the release that it was migrated by: this one may not know all that is there.',
        },
  ];
}

const waiting = ({ waitingLocks }: Report): Attention[] =>
  waitingLocks.map(({ pid, login, object, blockedBy, waitingMs, query }) => ({
    level: 'problem',
    what: `Process ${pid} (${login}) waits for ${object ?? 'a lock'}${waitingMs === null ? '' : `, for ${printDuration(waitingMs)} now`}: ${short(query)}`,
    remedy:
      blockedBy.length === 0
        ? 'Who held it has let go by now.'
        : `See who holds it: select * from admin.sessions where pid in (${blockedBy.join(', ')}).`,
  }));

const idle = ({ idleSessions }: Report): Attention[] =>
  idleSessions.map(({ pid, login, application, state, transactionMs, query }) => ({
    level: 'problem',
    what: `Process ${pid} (${[login, application].filter((name) => name !== '').join(', ')}) is ${state}, for ${printDuration(transactionMs)} now: ${short(query)}`,
    remedy: 'What it has locked stays locked until its transaction ends.',
  }));

function indexes({ indexes }: Report): Attention[] {
  return indexes.map(({ name, table, bytes, remark }) => ({
    level: remark.startsWith('invalid') ? 'problem' : 'note',
    what: `The index ${name} of ${table} (${printBytes(bytes)}): ${remark}.`,
    remedy: remark.startsWith('invalid')
      ? `reindex index concurrently ${name}, as the owner.`
      : 'Every write pays for it. Drop it by a migration if no query is to come that needs it.',
  }));
}

const deadRows = ({ tables }: Report): Attention[] =>
  tables
    .filter((table) => table.deadRows > manyDeadRows && table.deadRows > table.liveRows)
    .map((table) => ({
      level: 'note',
      what: `${table.name} has more dead rows (${printCount(table.deadRows)}) than rows.`,
      remedy: `See whether autovacuum runs, or run "vacuum ${table.name}" as the owner.`,
    }));

function score({ release: { score } }: Report): Attention[] {
  if (score === null || score.survived === 0) return [];
  return [
    {
      level: 'problem',
      what: `The tests of this release's policies overlook ${printNumber(score.survived, 'mutant')} (score ${percentage(score)}).`,
      remedy: 'Run "hedgerow policies mutate" in a checkout: it names them.',
    },
  ];
}

function counting({ statements }: Report): Attention[] {
  if (statements !== null) return [];
  return [
    {
      level: 'note',
      what: 'Nothing counts what statements take: pg_stat_statements is not installed.',
      remedy: 'Add it to shared_preload_libraries, restart PostgreSQL, and run "hedgerow bootstrap" as a superuser.',
    },
  ];
}

const short = (query: string) => cut(withoutComments(query), 80);
