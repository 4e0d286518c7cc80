/** `hedgerow policies diff` and `snapshot`: what access widened, narrowed or changed. */
import { relative } from 'node:path';
import type { ProofFlags } from '../../proof/config.ts';
import { checkSnapshot, diff as compare, snapshotFile, takeSnapshot, writeSnapshot } from '../../proof/diff/diff.ts';
import { findingsOf, printDiff } from '../../proof/diff/print.ts';
import type { Environment } from '../environment.ts';
import { tell, type FindingFlags } from './findings.ts';
import { openSubject } from './subject.ts';

/** Wider access is no fault by itself: it is there to be read, and the exit code says nothing of it unless it is asked to. */
export type DiffFlags = ProofFlags & FindingFlags & { exitCode: boolean };

export async function diff(env: Environment, from: string, to: string | undefined, flags: DiffFlags): Promise<void> {
  const subject = await openSubject(flags, env);
  try {
    const changes = await compare(from, to, { ...subject, env });
    tell(subject.config, { findings: findingsOf(changes) }, flags, { text: printDiff(changes), data: changes });
    if (!flags.exitCode) process.exitCode = 0;
  } finally {
    await subject.release();
  }
}

export type SnapshotFlags = ProofFlags & { write: boolean; check: boolean };

/** What the snapshot names as the command that renews it. */
const renewal = 'hedgerow policies snapshot --write';

export async function snapshot(env: Environment, flags: SnapshotFlags): Promise<void> {
  const subject = await openSubject(flags, env);
  try {
    const context = { ...subject, env };
    if (flags.check) {
      await checkSnapshot(context, renewal);
      process.stdout.write(`${relative('', snapshotFile(context))} is what the schema is.\n`);
    } else if (flags.write) process.stdout.write(`Written: ${relative('', await writeSnapshot(context, renewal))}\n`);
    else process.stdout.write(await takeSnapshot(context, renewal));
  } finally {
    await subject.release();
  }
}
