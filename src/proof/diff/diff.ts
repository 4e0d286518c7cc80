/** The two commands: what differs between two states, and the snapshot of the present one in a file. */
import { readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { OperatorError } from '../../errors.ts';
import { provedRoles } from '../config.ts';
import type { Change } from './change.ts';
import { compareAccess } from './compare.ts';
import { isDatabase, present, readSide, type DiffContext } from './side.ts';
import { printSnapshot } from './snapshot.ts';

/**
 * `policies diff <from> [to]`: what access widened, narrowed or changed. Between two databases, also in the roles that the API logs in as; what
 * is built has none.
 * @throws OperatorError when a side cannot be read
 */
export async function diff(from: string, to: string | undefined, context: DiffContext): Promise<Change[]> {
  const { logins, varying } = context.config;
  const other = to ?? present(context);
  const proved = provedRoles(context.config);
  const roles = isDatabase(from) && isDatabase(other) ? [...proved, ...logins] : proved;
  const before = await readSide(from, context, roles);
  const after = await readSide(other, context, roles);
  return compareAccess(before, after, varying);
}

/** Where the snapshot lies: beside the configuration. */
export const snapshotFile = ({ config }: Pick<DiffContext, 'config'>): string => join(config.folder, 'snapshot.sql');

/**
 * `policies snapshot`: the snapshot of what there is now, in the folder or, where nothing is built, in the database.
 * @param command what renews the file, for its first lines
 */
export async function takeSnapshot(context: DiffContext, command: string): Promise<string> {
  const { config } = context;
  return printSnapshot(await readSide(present(context), context, provedRoles(config)), command, config.varying);
}

/** `policies snapshot --write`. Gives the path of the file. */
export async function writeSnapshot(context: DiffContext, command: string): Promise<string> {
  const file = snapshotFile(context);
  await writeFile(file, await takeSnapshot(context, command));
  return file;
}

/**
 * `policies snapshot --check`.
 * @throws OperatorError when the file is not what it should be, with the command that renews it
 */
export async function checkSnapshot(context: DiffContext, command: string): Promise<void> {
  const file = snapshotFile(context);
  const committed = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new OperatorError(`There is no ${relative('', file)}. Make it: ${command}`);
    throw error;
  });
  const taken = await takeSnapshot(context, command);
  if (committed === taken) return;
  const lines = committed.split('\n');
  const at = taken.split('\n').findIndex((line, index) => line !== lines[index]);
  throw new OperatorError(
    `${relative('', file)} is not what the schema is (from line ${at === -1 ? lines.length : at + 1}). Renew it, and read what git says of it: ${command}`,
  );
}
