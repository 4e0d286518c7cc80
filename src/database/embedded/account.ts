/** Which account runs PostgreSQL. It refuses to run as root, so root lends it an unprivileged one; anybody else runs it himself. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '../../errors.ts';
import { runAs, type Account } from './run-as.ts';

/**
 * Takes the server's folder. For root: the owner of the cluster in it when there is one, else `postgres`, else `nobody`. For
 * anybody else: undefined, which means oneself. OperatorError when the database belongs to somebody who cannot be chosen, or
 * there is no account to choose.
 */
export async function chooseAccount(folder: string): Promise<Account | undefined> {
  const me = process.getuid?.();
  if (me !== 0) {
    const owner = await stat(folder).catch(() => undefined);
    if (owner && owner.uid !== me) throw belongsTo(owner.uid, folder);
    return undefined;
  }
  const owner = await stat(join(folder, 'cluster')).catch(() => undefined);
  if (owner?.uid === 0) throw belongsToRoot(folder);
  const account = owner
    ? { uid: owner.uid, gid: owner.gid, name: await nameOf(owner.uid) }
    : ((await findAccount('postgres')) ?? (await findAccount('nobody')));
  if (!account) throw cannotLend('this machine has neither an account `postgres` nor `nobody`');
  const { code, output } = await runAs(account, '/bin/sh', ['-c', ':']);
  // As in a container without the capabilities SETUID and SETGID.
  if (code !== 0) throw cannotLend(`root may not become ${account.name} here (${output.trim()})`);
  return account;
}

async function findAccount(name: string): Promise<Account | undefined> {
  const [uid, gid] = await Promise.all([runAs(undefined, 'id', ['-u', name]), runAs(undefined, 'id', ['-g', name])]);
  if (uid.code !== 0 || gid.code !== 0 || Number(uid.output) === 0) return undefined;
  return { uid: Number(uid.output), gid: Number(gid.output), name };
}

async function nameOf(uid: number): Promise<string> {
  const { code, output } = await runAs(undefined, 'id', ['-un', String(uid)]);
  return code === 0 ? output.trim() : `uid ${uid}`;
}

const cannotLend = (reason: string): OperatorError =>
  new OperatorError(
    `PostgreSQL does not run as root, and ${reason}. Run hedgerow as an ordinary user, or set DATABASE_URL to a PostgreSQL server ` +
      'of your own.',
  );

const belongsTo = (uid: number, folder: string): OperatorError =>
  new OperatorError(
    `The database in ${folder} belongs to another user (uid ${uid}), perhaps because hedgerow was run with sudo. Run it as ` +
      'that user again, or remove the folder to begin with an empty database.',
  );

const belongsToRoot = (folder: string): OperatorError =>
  new OperatorError(
    `The database in ${folder} belongs to root, as whom PostgreSQL does not run. Give it back to the account that ran it, ` +
      `for example: chown -R postgres "${folder}"`,
  );
