/** `hedgerow policies test`: the pgTAP files on a throw-away database, in parallel, once or at every change. */
import { watch } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProofFlags } from '../../proof/config.ts';
import { holds } from '../../proof/tap/run.ts';
import { installTap, printFile, readSuite, runSuite, type FileReport } from '../../proof/tap/suite.ts';
import { OperatorError } from '../../errors.ts';
import type { Environment } from '../environment.ts';
import { openSubject, type Subject } from './subject.ts';

export type TestFlags = ProofFlags & { jobs: number; watch: boolean; json: boolean };

/** Runs the files; the exit code is 1 when one does not hold. */
export async function test(env: Environment, files: string[], flags: TestFlags): Promise<void> {
  const subject = await openSubject(flags, env);
  try {
    const patterns = files.length > 0 ? files.map((file) => resolve(file)) : subject.config.tests;
    const held = await runOnce(subject, patterns, flags);
    process.exitCode = held ? 0 : 1;
    if (flags.watch) await runAtEveryChange(subject, patterns, flags);
  } finally {
    await subject.release();
  }
}

async function runOnce(subject: Subject, patterns: readonly string[], { jobs, json }: TestFlags): Promise<boolean> {
  const files = await readSuite(patterns);
  const source = await subject.openSource((url) => installTap(url, files));
  try {
    const reports: FileReport[] = [];
    const held = await runSuite(source, files, jobs, (report) => {
      reports.push(report);
      if (!json) process.stdout.write(`${printFile(report)}\n`);
    });
    process.stdout.write(json ? `${JSON.stringify(reports, undefined, 2)}\n` : `\n${summary(reports)}\n`);
    return held;
  } finally {
    await source.release();
  }
}

function summary(reports: readonly FileReport[]): string {
  const scenes = reports.flatMap((report) => report.scenes);
  const failed = reports.filter((report) => !holds(report));
  return [
    `${scenes.filter(({ held }) => held).length} of ${scenes.length} scenes hold, in ${reports.length} ${reports.length === 1 ? 'file' : 'files'}.`,
    ...failed.map(({ name }) => `Not all is well in ${name}.`),
  ].join('\n');
}

/** Editors write a file in several steps: what comes within this time, in milliseconds, is one change. */
const settlingMs = 100;

async function runAtEveryChange(subject: Subject, patterns: readonly string[], flags: TestFlags): Promise<void> {
  const { folder } = subject.config;
  let changed: string | undefined;
  let failure: Error | undefined;
  let wake = () => {};
  // From here on, so that nothing is missed while the files run, or after it was said that changes are waited for.
  watch(folder, { recursive: true })
    .on('change', (_event, name) => {
      if (!String(name).endsWith('.sql')) return;
      changed = String(name);
      wake();
    })
    .on('error', (error) => {
      failure = error;
      wake();
    });

  for (;;) {
    process.stdout.write(`\nWaiting for changes in ${folder}. Ctrl-C ends.\n`);
    while (changed === undefined && failure === undefined) await new Promise<void>((done) => (wake = done));
    if (failure) throw failure;
    await sleep(settlingMs);
    process.stdout.write(`\n${changed} has changed.\n\n`);
    changed = undefined;
    // A file in the middle of being written is no reason to stop watching.
    await runOnce(subject, patterns, flags).catch((error: unknown) => {
      if (!(error instanceof OperatorError)) throw error;
      process.stdout.write(`${error.message}\n`);
    });
  }
}
