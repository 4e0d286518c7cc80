/** `hedgerow audit prune`: drops the months of the history of tasks that are too old, and makes those to come. As the owner. */
import { createInterface } from 'node:readline/promises';
import { parseConfig } from '../config.ts';
import { dropHistoryMonths, makeHistoryMonths, oldHistoryMonths } from '../database/history.ts';
import { openDatabase } from '../database/open.ts';
import { OperatorError } from '../errors.ts';
import type { Environment } from './environment.ts';

export type PruneOptions = {
  /** Months; without it, HEDGEROW_HISTORY_MONTHS. */
  olderThan?: number;
  /** Not to ask first. */
  yes: boolean;
};

/**
 * Asks before it drops anything.
 * @throws OperatorError when it has to ask and there is nobody to answer, or the history is in use for too long
 */
export async function prune(env: Environment, { olderThan, yes }: PruneOptions): Promise<void> {
  const config = parseConfig(env, 'audit');
  const months = olderThan ?? config.historyMonths;
  const database = await openDatabase(config);
  const print = (line: string) => process.stdout.write(`${line}\n`);
  try {
    const ownerUrl = database.ownerUrl!;
    const made = await makeHistoryMonths(ownerUrl);
    if (made > 0) print(`Made: tables for ${made === 1 ? 'a month' : `${made} months`} to come.`);

    const old = await oldHistoryMonths(ownerUrl, months);
    if (old.length > 0 && !yes && !(await confirm(`Drop the history of ${old.join(', ')}, for good?`))) {
      print('Nothing was dropped.');
      return;
    }
    const dropped = await dropHistoryMonths(ownerUrl, months).catch((error: unknown) => {
      throw inUse(error);
    });
    print(
      dropped.length > 0
        ? `Dropped: ${dropped.join(', ')}.`
        : `There is no month that was over ${months === 1 ? 'a month' : `${months} months`} ago.`,
    );
  } finally {
    await database.release();
  }
}

async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new OperatorError(`${question} There is nobody to ask: add --yes.`);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}

/** 55P03: the lock was not to be had in time. */
const inUse = (error: unknown): unknown =>
  (error as { code?: string }).code === '55P03'
    ? new OperatorError('The history is in use, and was so for 5 seconds: nothing was dropped. Try again.', {
        cause: error,
      })
    : error;
