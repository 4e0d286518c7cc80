/** The score of a whole run, kept in a file beside the configuration, so that it can be shown where nothing can be run; and whether it is stale. */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type pg from 'pg';
import { z } from 'zod';
import { OperatorError } from '../../errors.ts';
import type { Accepted } from '../baseline.ts';
import { type ProofConfig, provedRoles } from '../config.ts';
import { readAccess } from '../diff/access.ts';
import { printSnapshot } from '../diff/snapshot.ts';
import type { TapFile } from '../tap/suite.ts';
import type { Mutant } from './mutant.ts';
import { percentage, printScore, type Score } from './report.ts';

/** `of` is a digest of all that the score depends on. */
export type KeptScore = Score & { of: string };

const count = z.int().min(0);
const shape = z.strictObject({ of: z.string(), killed: count, survived: count, equivalent: count });

/** Where it lies. */
export const scoreFile = (folder: string): string => join(folder, 'score.json');

/**
 * Reads it; undefined where there is none.
 * @throws OperatorError when it is something else
 */
export async function readKeptScore(file: string): Promise<KeptScore | undefined> {
  const content = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (content === undefined) return undefined;
  const kept = shape.safeParse(parse(content));
  if (kept.success) return kept.data;
  throw new OperatorError(`${relative('', file)} is no score. ${renewal('Renew')}`);
}

/** Writes it, as JSON to be committed. */
export const keepScore = (file: string, { killed, survived, equivalent }: Score, of: string): Promise<void> =>
  writeFile(file, `${JSON.stringify({ of, killed, survived, equivalent } satisfies KeptScore, undefined, 2)}\n`);

/**
 * Compares it with what there is now, without running anything. Gives it in words.
 * @throws OperatorError when there is none, or it is of something else
 */
export async function checkKeptScore(file: string, of: string): Promise<string> {
  const kept = await readKeptScore(file);
  if (kept === undefined) throw new OperatorError(`There is no ${relative('', file)}. ${renewal('Make')}`);
  if (kept.of !== of) {
    throw new OperatorError(
      `The score in ${relative('', file)} (${percentage(kept)}) is stale: access, the tests or the mutants are others by now. ${renewal('Renew')}`,
    );
  }
  return printScore(kept);
}

const renewal = (word: string) => `${word} it: hedgerow policies mutate --write`;

/**
 * The digest: of what decides access (the same on PostgreSQL 15 to 18, as in the snapshot), the mutants, what was to notice them, and the
 * survivors that are accepted.
 * @param client of a database with the schema
 */
export async function digestOf(
  client: pg.Client,
  config: ProofConfig,
  of: {
    mutants: readonly Mutant[];
    files: readonly TapFile[];
    command: readonly string[];
    accepted: readonly Accepted[];
  },
): Promise<string> {
  const parts = [
    printSnapshot(await readAccess(client, config.schemas, provedRoles(config)), '', config.varying),
    of.mutants.map(({ id, sql }) => [id, sql]),
    of.files.map(({ sql }) => sql).toSorted(),
    of.command,
    of.accepted,
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

function parse(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
