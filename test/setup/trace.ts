/**
 * The trace of a run: the server logs every statement of the API's login and of the one that keeps accounts, and after the last test each of
 * them is judged. It needs a server that logs as JSON into one file, as the embedded one does here.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { visitorRole } from '../../src/database/roles.ts';
import { testRoles } from '../support/servers.ts';
import { judgeAccounts, judgeApi, type Verdict } from '../support/trace/judge.ts';
import { readStatements } from '../support/trace/statements.ts';

/** What a server has to be started with (CI starts PostgreSQL 15 so, too). One file, so that nothing is lost between two. */
export const traceSettings = {
  logging_collector: 'on',
  log_destination: 'jsonlog',
  log_filename: 'trace',
  log_rotation_size: '0',
  log_rotation_age: '0',
};

/** Ends the trace: says what came of it, and makes the run fail when a statement was outside the fence. */
export type EndTrace = () => Promise<void>;

/** How much of the log is in memory at once, in bytes. */
const chunkSize = 4_000_000;
/** How long the server may take to write down what it has logged, in milliseconds. */
const patienceMs = 30_000;

const logins = { api: testRoles.api.user, accounts: testRoles.auth.user };

/** Begins to log what the logins ask from their next connections on. */
export async function beginTrace(adminUrl: string): Promise<EndTrace> {
  const begun = await withAdmin(adminUrl, async (admin) => {
    const log = await findLog(admin);
    if (log)
      for (const login of Object.values(logins)) await admin.query(`alter role ${login} set log_statement = 'all'`);
    return log;
  });
  if (!begun) return async () => say('No statement was judged: the server does not log as JSON (test/README.md).');

  return async () => {
    const [api, accounts] = [judgeApi(visitorRole), judgeAccounts()];
    const reader = readStatements(Object.values(logins), (statement) =>
      (statement.login === logins.api ? api : accounts).judge(statement),
    );
    await withAdmin(adminUrl, async (admin) => {
      for (const login of Object.values(logins)) {
        if (!(await isLogged(admin, login))) throw new Error(`A test has made ${login} anew: it was not traced.`);
        await admin.query(`alter role ${login} reset log_statement`);
      }
      for await (const line of linesOf(admin, begun)) reader.read(line);
    });
    reader.end();
    report(api.verdict, accounts.verdict);
  };
}

function report(api: Verdict, accounts: Verdict): void {
  const total = ({ fenced, unheard, deliberate, faults }: Verdict) => fenced + unheard + deliberate + count(faults);
  if (total(api) + total(accounts) === 0) return;
  say(
    `Trace: ${api.fenced} statements of the API inside the fence, ${count(api.faults)} outside; ${accounts.fenced} of the login that keeps ` +
      `accounts, ${count(accounts.faults)} not its own. Beside them ${api.deliberate + accounts.deliberate} of tests that say why, and ` +
      `${api.unheard + accounts.unheard} in transactions that had failed.`,
  );
  const faults = [...api.faults, ...accounts.faults];
  if (faults.length === 0) return;
  say(faults.map(([fault, times]) => `  - ${fault}${times > 1 ? ` (${times} times)` : ''}`).join('\n'));
  process.exitCode = 1;
}

const count = (faults: Verdict['faults']): number => [...faults.values()].reduce((sum, times) => sum + times, 0);

const say = (line: string) => void process.stderr.write(`${line}\n`);

/** A log, and how much of it there was, in bytes. */
type Log = { file: string; size: number };

/** The log of the server; undefined when there is none to be read. */
async function findLog(admin: pg.Client): Promise<Log | undefined> {
  const { rows } = await admin.query<{ file: string; size: string }>(
    `select file, (pg_stat_file(file)).size from pg_current_logfile('jsonlog') as file where file is not null`,
  );
  return rows[0] && { file: rows[0].file, size: Number(rows[0].size) };
}

/** Whether what the login asks is logged. */
async function isLogged(admin: pg.Client, login: string): Promise<boolean> {
  const { rows } = await admin.query(
    "select from pg_roles where rolname = $1 and 'log_statement=all' = any (rolconfig)",
    [login],
  );
  return rows.length === 1;
}

/** The lines of the log from there on, up to now. */
async function* linesOf(admin: pg.Client, { file, size }: Log): AsyncGenerator<string> {
  // The server hands its log to a process of its own: all that was logged before this has been written when this has.
  const end = randomUUID();
  await admin.query(`do $$ begin raise log 'the trace ends: ${end}'; end $$`);
  if ((await findLog(admin))?.file !== file) throw new Error(`The server does not log into ${file} any more.`);
  const decoder = new TextDecoder();
  let rest = '';
  for (let at = size, until = Date.now() + patienceMs; Date.now() < until;) {
    const { rows } = await admin.query<{ chunk: Buffer }>('select pg_read_binary_file($1, $2, $3) as chunk', [
      file,
      at,
      chunkSize,
    ]);
    const { chunk } = rows[0]!;
    if (chunk.length === 0) {
      await sleep(20);
      continue;
    }
    at += chunk.length;
    until = Date.now() + patienceMs;
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      if (line.includes(end)) return;
      yield line;
    }
  }
  throw new Error(`The log ${file} does not end.`);
}

async function withAdmin<Result>(url: string, act: (admin: pg.Client) => Promise<Result>): Promise<Result> {
  const admin = new pg.Client(url);
  await admin.connect();
  try {
    return await act(admin);
  } finally {
    await admin.end();
  }
}
