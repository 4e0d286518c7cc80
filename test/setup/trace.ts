/**
 * The trace of a run: the server logs every statement of the API's login, and after the last test each of them is judged. It needs a server
 * that logs as JSON into one file, as the embedded one does for `npm run prove`.
 */
import pg from 'pg';
import { visitorRole } from '../../src/database/roles.ts';
import { testRoles } from '../support/servers.ts';
import { judge } from '../support/trace/judge.ts';
import { statementsOf } from '../support/trace/statements.ts';

/** What a server has to be started with. One file, so that nothing is lost between two. */
export const traceSettings = {
  logging_collector: 'on',
  log_destination: 'jsonlog',
  log_filename: 'trace',
  log_rotation_size: '0',
  log_rotation_age: '0',
};

/** Ends the trace: says what came of it. */
export type EndTrace = () => Promise<void>;

/** Begins to log what the API's login asks from its next connections on. */
export async function beginTrace(adminUrl: string): Promise<EndTrace> {
  const login = pg.escapeIdentifier(testRoles.api.user);
  const from = await withAdmin(adminUrl, async (admin) => {
    const size = await logSize(admin);
    if (size !== undefined) await admin.query(`alter role ${login} set log_statement = 'all'`);
    return size;
  });
  if (from === undefined) {
    return async () => say(`The statements of the API were not judged: the server does not log as JSON.`);
  }
  return async () => {
    const lines = await withAdmin(adminUrl, async (admin) => {
      await admin.query(`alter role ${login} reset log_statement`);
      return readLog(admin, from);
    });
    const { fenced, refused, deliberate, faults } = judge(statementsOf(lines, testRoles.api.user), visitorRole);
    const rest = `${refused} outside it were refused, ${deliberate} are of tests that say why`;
    if (faults.length === 0) return say(`${fenced} statements of the API, all of them inside the fence (${rest}).`);
    const counted = new Map<string, number>();
    for (const fault of faults) counted.set(fault, (counted.get(fault) ?? 0) + 1);
    const list = [...counted].map(([fault, times]) => `  - ${fault}${times > 1 ? ` (${times} times)` : ''}`);
    say(`${fenced} statements of the API inside the fence (${rest}), and ${faults.length} NOT:\n${list.join('\n')}`);
    process.exitCode = 1;
  };
}

const say = (line: string) => void process.stderr.write(`\n${line}\n`);

/** How long the log is, in bytes; undefined when there is none to be read. */
async function logSize(admin: pg.Client): Promise<number | undefined> {
  const { rows } = await admin.query<{ size: string | null }>(
    `select (pg_stat_file(pg_current_logfile('jsonlog'))).size where pg_current_logfile('jsonlog') is not null`,
  );
  return rows[0] && Number(rows[0].size);
}

/** The lines of the log from there on. */
async function readLog(admin: pg.Client, from: number): Promise<string[]> {
  const chunkSize = 16_000_000;
  const chunks: Buffer[] = [];
  for (let at = from, isMore = true; isMore; at += chunkSize) {
    const { rows } = await admin.query<{ chunk: Buffer }>(
      `select pg_read_binary_file(pg_current_logfile('jsonlog'), $1, $2) as chunk`,
      [at, chunkSize],
    );
    chunks.push(rows[0]!.chunk);
    isMore = rows[0]!.chunk.length === chunkSize;
  }
  return Buffer.concat(chunks).toString('utf8').split('\n');
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
