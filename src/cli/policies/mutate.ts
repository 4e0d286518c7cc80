/** `hedgerow policies mutate`: deliberate faults, and whether a suite notices each. */
import { relative } from 'node:path';
import { OperatorError } from '../../errors.ts';
import { readBaseline } from '../../proof/baseline.ts';
import { readCatalog } from '../../proof/catalog.ts';
import { type ProofFlags, provedRoles } from '../../proof/config.ts';
import { assertFits } from '../../proof/fit.ts';
import { checkKeptScore, digestOf, keepScore, scoreFile } from '../../proof/mutate/kept.ts';
import type { Mutant } from '../../proof/mutate/mutant.ts';
import { mutantsOf } from '../../proof/mutate/mutants.ts';
import { findingsOf, printOutcomes, scoreOf, survived } from '../../proof/mutate/report.ts';
import { mutate as runMutants, type Outcome } from '../../proof/mutate/run.ts';
import { openState } from '../../proof/mutate/state.ts';
import { commandSuite, tapSuite, type Suite } from '../../proof/mutate/suites.ts';
import type { Source } from '../../proof/source.ts';
import { installTap, readSuite } from '../../proof/tap/suite.ts';
import type { Environment } from '../environment.ts';
import { tell, type FindingFlags } from './findings.ts';
import { openSubject, withCopy } from './subject.ts';

export type MutateFlags = ProofFlags &
  FindingFlags & {
    jobs: number;
    only?: string;
    list: boolean;
    write: boolean;
    check: boolean;
    state?: string;
    /** For a command, in seconds. */
    timeout: number;
  };

/** Runs the mutants; the exit code is 1 when one survives. */
export async function mutate(env: Environment, command: string[], flags: MutateFlags): Promise<void> {
  const subject = await openSubject(flags, env);
  try {
    const { config } = subject;
    const files = command.length > 0 || flags.list ? [] : await readSuite(config.tests);
    const source = await subject.openSource(async (url) => {
      if (files.length > 0) await installTap(url, files);
    });
    const accepted = (await readBaseline(config.baseline)).filter(({ rule }) => rule === survived);
    const { catalog, mutants, digest } = await withCopy(source, async (client) => {
      await assertFits(client, config);
      const catalog = await readCatalog(client, config.schemas);
      const all = mutantsOf(catalog, provedRoles(config), config.users[0]);
      const mutants = all.filter(({ id }) => id.includes(flags.only ?? ''));
      const isKept = flags.write || flags.check;
      const digest = isKept ? await digestOf(client, config, { mutants, files, command, accepted }) : '';
      return { catalog, mutants, digest };
    });
    if (mutants.length === 0)
      throw new OperatorError(
        `There is no mutant${flags.only === undefined ? '' : ` whose id contains ${flags.only}`}.`,
      );
    if (flags.list) {
      process.stdout.write(
        flags.json ? `${JSON.stringify(mutants, undefined, 2)}\n` : mutants.map(printMutant).join(''),
      );
      return;
    }

    const kept = scoreFile(config.folder);
    if (flags.check) {
      process.stdout.write(`${relative('', kept)} is up to date: ${await checkKeptScore(kept, digest)}\n`);
      return;
    }

    const suite =
      command.length > 0
        ? commandSuite(command, flags.jobs, { env, timeout: flags.timeout * 1000 })
        : tapSuite(files, flags.jobs);
    await assertHolds(source, suite, command);
    const state =
      flags.state === undefined
        ? undefined
        : openState(flags.state, { catalog, command, files: files.map(({ sql }) => sql) });
    const progress = showProgress(mutants.filter(({ id }) => !state?.known.has(id)).length);
    const outcomes = await runMutants(source, mutants, suite, {
      schemas: config.schemas,
      known: state?.known,
      accepted: new Map(accepted.map(({ object, reason }) => [object, reason])),
      onVerdict(mutant, by) {
        state?.keep(mutant.id, by);
        progress.next();
      },
    });
    progress.end();
    const report = { findings: findingsOf(outcomes) };
    tell(config, report, flags, { text: printOutcomes(outcomes), data: dataOf(outcomes) });
    if (flags.write) await keepScore(kept, scoreOf(outcomes), digest);
  } finally {
    await subject.release();
  }
}

/** @throws OperatorError when the suite fails though nothing is broken: it would notice every mutant, and prove nothing */
async function assertHolds(source: Source, suite: Suite, command: readonly string[]): Promise<void> {
  const nothing: Mutant = { id: 'nothing', object: '', command: '', sql: 'select', scene: '' };
  await suite(source, [nothing], (_nothing, by) => {
    if (by === undefined) return;
    throw new OperatorError(
      `The tests fail before anything is broken (${by}). Mend that first: ${command.length > 0 ? `${command.join(' ')}, on a copy of the database` : 'hedgerow policies test'}`,
    );
  });
}

/** A line that counts, where somebody looks at it. */
function showProgress(total: number) {
  const { stderr } = process;
  let done = 0;
  const show = (text: string) => void (stderr.isTTY && stderr.write(`\r\u001B[K${text}`));
  return {
    next: () => show(`${++done} of ${total} mutants have run`),
    end: () => show(''),
  };
}

const printMutant = ({ id, sql }: Mutant) => `${id}\n${sql.replaceAll(/^/gm, '    ')}\n`;

const dataOf = (outcomes: readonly Outcome[]) => ({
  score: scoreOf(outcomes),
  mutants: outcomes.map(({ mutant, ...verdict }) => ({ ...mutant, ...verdict })),
});
