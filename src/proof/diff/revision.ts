/** A revision of the repository in a folder of its own, for as long as it takes. Nothing in the repository changes. */
import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { OperatorError } from '../../errors.ts';

const run = promisify(execFile);

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Calls `use` with the folder that stands for `folder` in the tree of the revision, and removes it afterwards. The packages that the
 * repository has installed are linked, since a command that builds the schema may want them.
 * @param folder within a git repository
 * @param revision whatever git understands: a commit, a branch, `HEAD~1`
 * @throws OperatorError when the folder is in no repository, or there is no such revision
 */
export async function withRevision<Result>(
  folder: string,
  revision: string,
  env: Environment,
  use: (folder: string) => Promise<Result>,
): Promise<Result> {
  const top = await git(folder, env, ['rev-parse', '--show-toplevel']).catch((error: unknown) => {
    throw new OperatorError(
      `${folder} is in no git repository, so there is no revision ${revision} of it: ${reasonOf(error)} To compare databases, give their URLs (postgres://…).`,
      { cause: error },
    );
  });
  const commit = await git(folder, env, [
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${revision}^{commit}`,
  ]).catch((error: unknown) => {
    throw new OperatorError(
      `There is no revision ${revision} in ${top}. "git log --oneline" lists some; a shallow clone lacks the older ones ("git fetch --unshallow").`,
      { cause: error },
    );
  });
  const place = await git(folder, env, ['rev-parse', '--show-prefix']);

  const temporary = await mkdtemp(join(tmpdir(), 'hedgerow-diff-'));
  try {
    const tree = join(temporary, 'tree');
    // An index of its own: what is staged in the repository stays so.
    const apart = { ...env, GIT_INDEX_FILE: join(temporary, 'index') };
    await git(top, apart, ['read-tree', commit]);
    await git(top, apart, ['checkout-index', '--all', `--prefix=${tree}/`]);
    // A revision may be from before the folder was there; whether its schema can be built is for the build to say.
    await mkdir(join(tree, place), { recursive: true });
    await linkPackages(top, tree);
    return await use(join(tree, place));
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function git(folder: string, env: Environment, args: readonly string[]): Promise<string> {
  const { stdout } = await run('git', ['-C', folder, ...args], { env, maxBuffer: 64 * 1024 * 1024 });
  return stdout.trim();
}

/** What git said, or that there is no git. */
function reasonOf(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  return (stderr?.trim() || message).replace(/\.?$/, '.');
}

async function linkPackages(from: string, to: string): Promise<void> {
  const there = (path: string) =>
    access(path).then(
      () => true,
      () => false,
    );
  const [installed, own] = [join(from, 'node_modules'), join(to, 'node_modules')];
  if ((await there(installed)) && !(await there(own))) await symlink(installed, own, 'dir');
}
