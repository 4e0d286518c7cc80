/** What is to notice mutants: the pgTAP files, or a command of any kind. */
import { spawn } from 'node:child_process';
import pg from 'pg';
import { OperatorError } from '../../errors.ts';
import { connectionVariables, type Source } from '../source.ts';
import { holds, runTap, type TapReport } from '../tap/run.ts';
import { statementsOf } from '../tap/statements.ts';
import { onCopies, type TapFile } from '../tap/suite.ts';
import type { Mutant } from './mutant.ts';

/** What noticed the mutant first, such as a file and its scene; undefined when nothing did. */
export type NoticedBy = string | undefined;

/** Runs on each of the mutants, several at once, and tells of each. */
export type Suite = (
  source: Source,
  mutants: readonly Mutant[],
  onVerdict: (mutant: Mutant, noticedBy: NoticedBy) => void,
) => Promise<void>;

/** For a statement, in milliseconds: one that hangs is noticed. */
const statementTimeout = 60_000;

/**
 * The files, each with the mutant in a transaction that is rolled back, and the likeliest to notice first: the one that speaks most of the
 * mutant's object, or another that noticed the same fault elsewhere when that one did not.
 */
export const tapSuite =
  (files: readonly TapFile[], jobs: number): Suite =>
  (source, mutants, onVerdict) => {
    const statements = new Map(files.map((file) => [file, statementsOf(file.sql)]));
    const surprises = new Map<string, TapFile>();
    // One after the other where one's order follows from the other's verdict: what is told is then the same in every run.
    const series = Map.groupBy(mutants, faultOf);
    return onCopies(source, jobs, [...series.values()], async (client, mutant) => {
      const before = `set local statement_timeout = ${statementTimeout};\n${mutant.sql}`;
      const fault = faultOf(mutant);
      const likeliest = likeliestFirst(files, mutant);
      for (const file of new Set([surprises.get(fault) ?? likeliest[0]!, ...likeliest])) {
        const report = await runTap(client, statements.get(file)!, before);
        if (holds(report) && !report.committed) continue;
        if (file === likeliest[0]) surprises.delete(fault);
        else surprises.set(fault, file);
        onVerdict(mutant, holds(report) ? undefined : `${file.name}: ${firstFault(report)}`);
        return report;
      }
      onVerdict(mutant, undefined);
      return { committed: false };
    });
  };

/** What is wrong, without where: `update () granted to hedgerow_admin`. */
const faultOf = ({ id, object }: Mutant): string => id.replace(object, '').replaceAll(/\(.*?\)/g, '()');

function likeliestFirst(files: readonly TapFile[], { object }: Mutant): TapFile[] {
  const name = object.replace(/\(.*/, '').replace(/^.*\./, '');
  const mentions = ({ sql }: TapFile) => sql.split(name).length;
  return files.toSorted((one, other) => mentions(other) - mentions(one));
}

const firstFault = ({ scenes, faults }: TapReport): string => scenes.find(({ held }) => !held)?.text ?? faults[0]!;

/**
 * A command, each time with a copy of its own, whose URL it finds in DATABASE_URL, and in PGHOST and so on. It notices by an exit code
 * other than 0, or by not ending in time.
 * @param timeout in milliseconds
 */
export const commandSuite =
  (
    command: readonly string[],
    jobs: number,
    { env, timeout }: { env: Readonly<Record<string, string | undefined>>; timeout: number },
  ): Suite =>
  async (source, mutants, onVerdict) => {
    const queue = mutants[Symbol.iterator]();
    const worker = async () => {
      for (const mutant of queue) {
        const copy = await source.copy();
        try {
          await apply(copy.url, mutant.sql);
          onVerdict(mutant, await run(command, { ...env, ...connectionVariables(copy.url) }, timeout));
        } finally {
          await copy.drop();
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(jobs, mutants.length) }, worker));
  };

async function apply(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

function run(command: readonly string[], env: NodeJS.ProcessEnv, timeout: number): Promise<NoticedBy> {
  const [program, ...args] = command;
  const child = spawn(program!, args, { stdio: 'ignore', env });
  // Not spawn's own timeout: its timer runs on, and keeps the process, when there is no such program.
  const timer = setTimeout(() => child.kill(), timeout);
  return new Promise<NoticedBy>((done, fail) => {
    child.once('error', (error) =>
      fail(new OperatorError(`${program} cannot be run: ${error.message}. Is it installed, and in the PATH?`)),
    );
    child.once('close', (code, signal) =>
      done(code === 0 ? undefined : signal === null ? `exit code ${code}` : `it did not end in ${timeout / 1000} s`),
    );
  }).finally(() => clearTimeout(timer));
}
