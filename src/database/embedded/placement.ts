/**
 * Where the server's folder lies. It holds all that the server's account needs: the cluster, the log, the socket. Normally it is
 * `postgres` in the data folder; when root's account cannot go there (a checkout under /root), a folder in the shared root.
 */
import { createHash } from 'node:crypto';
import { chmod, lchown, mkdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { OperatorError } from '../../errors.ts';
import { chooseAccount } from './account.ts';
import { runAs, type Account } from './run-as.ts';
import { makeSharedRoot } from './shared-root.ts';
import { readState, remember } from './state.ts';

export type Placement = {
  /** The server's folder: mode 0700, owned by the account that runs it. */
  folder: string;
  clusterDir: string;
  /** Undefined: we run it ourselves. */
  account: Account | undefined;
  /** For the terminal, when the folder does not lie in the data folder. */
  notice: string | undefined;
};

/**
 * Decides where the server lies, makes its folder, and shows that the account can work there. A decision for the shared root is
 * remembered in the data folder. OperatorError when there is no place, or the existing one cannot be reached any more.
 */
export async function placeServer(dataDir: string, sharedRoot: string): Promise<Placement> {
  const home = join(dataDir, 'postgres');
  const recorded = (await readState(dataDir)).folder;
  const account = await chooseAccount(recorded ?? home);
  const closed = !recorded && account && !(await letIn(account, dataDir));
  if (!recorded && !closed) return settle(home, account, undefined);
  if (closed && (await exists(join(home, 'cluster')))) throw unreachable(home, account);

  const elsewhere = recorded ?? join(sharedRoot, nameFor(dataDir));
  if (account) await makeSharedRoot(dirname(elsewhere));
  const placement = await settle(elsewhere, account, noticeOf(elsewhere, dataDir, account));
  if (!recorded) await remember(dataDir, { folder: elsewhere });
  return placement;
}

/** Whether the account can go into the folder. Tried for real: modes alone do not tell of ACLs, mounts and namespaces. */
async function reaches(account: Account | undefined, folder: string): Promise<boolean> {
  return (await runAs(account, '/bin/sh', ['-c', 'cd "$1"', 'sh', folder])).code === 0;
}

/** As `reaches`, and if the data folder's own mode is all that stands in the way, lets others pass through it (not list it). */
async function letIn(account: Account, dataDir: string): Promise<boolean> {
  if (await reaches(account, dataDir)) return true;
  const mode = (await stat(dataDir)).mode & 0o7777;
  await chmod(dataDir, mode | 0o011);
  if (await reaches(account, dataDir)) return true;
  await chmod(dataDir, mode);
  return false;
}

async function settle(folder: string, account: Account | undefined, notice: string | undefined): Promise<Placement> {
  // pg_ctl puts the path between double quotes in a shell command.
  if (/["$`\\\n]/.test(folder)) {
    throw new OperatorError(`PostgreSQL cannot start in ${folder}: its path holds one of " $ \` \\. Move the folder.`);
  }
  const clusterDir = join(folder, 'cluster');
  await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  const mine = (await stat(folder)).uid === account?.uid;
  if (account && !mine && !(await exists(clusterDir))) await lchown(folder, account.uid, account.gid);
  if (!(await reaches(account, folder))) throw unreachable(folder, account);
  return { folder, clusterDir, account, notice };
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Tells two checkouts of one name apart, and is found again from the same place. */
function nameFor(dataDir: string): string {
  const hash = createHash('sha256').update(dataDir).digest('hex').slice(0, 8);
  return `${basename(dataDir)
    .replace(/^\.+/, '')
    .replace(/[^\w.-]/g, '_')}-${hash}`;
}

const noticeOf = (folder: string, dataDir: string, account: Account | undefined): string =>
  `The database lies in ${folder}, because the account that runs PostgreSQL` +
  `${account ? ` for root (${account.name})` : ''} cannot reach ${dataDir}.`;

const unreachable = (folder: string, account: Account | undefined): OperatorError =>
  new OperatorError(
    `The account ${account?.name ?? 'that runs hedgerow'} must run PostgreSQL in ${folder} but cannot go there. Let it pass ` +
      'through the folders above (chmod o+x), or set DATABASE_URL to a PostgreSQL server of your own.',
  );
