/** Runs a command, as another account when there is one, and waits for it. Every process that we start for the database starts here. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';

/** The account that runs PostgreSQL for root. */
export type Account = { uid: number; gid: number; name: string };

export type Outcome = {
  /** Exit code; null when the command could not be started or was killed. */
  code: number | null;
  /** What it wrote to both of its outputs, or why it could not be started. */
  output: string;
};

type RunOptions = {
  /** Written to its standard input. */
  input?: string | Uint8Array;
  /** In a session of its own, so that Ctrl-C in the terminal does not reach it. */
  detached?: boolean;
};

/**
 * Nothing of our own environment is passed on: the server outlives us, and secrets like DATABASE_URL would stay readable in its
 * /proc/<pid>/environ; PGDATA and its kin would steer the tools elsewhere. UTC and C make the result the same on every machine.
 */
const environment = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC' };

/**
 * Takes the account (undefined: our own), a command and its arguments; gives its exit code and output, and never throws.
 * It runs in `/`, since our own working folder may be closed to the account.
 */
export function runAs(
  account: Account | undefined,
  command: string,
  args: readonly string[],
  { input = '', detached = false }: RunOptions = {},
): Promise<Outcome> {
  return new Promise((resolve) => {
    const notStarted = (error: unknown): void => resolve({ code: null, output: (error as Error).message });
    const ids = account ? { uid: account.uid, gid: account.gid } : {};
    let child: ChildProcessWithoutNullStreams;
    try {
      child = spawn(command, args, { ...ids, cwd: '/', env: environment, detached });
    } catch (error) {
      // Some errors come as events and some, like a refused change of user, at once.
      return notStarted(error);
    }
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    child.on('error', notStarted);
    child.on('close', (code) => resolve({ code, output }));
    // A command that ends without reading its input breaks the pipe; its exit code tells the story.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}
