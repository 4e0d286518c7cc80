/** The `hedgerow` command as a process of its own, with an environment that a test spells out. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { installOnce } from './export.ts';

const root = join(import.meta.dirname, '../..');

export type Environment = Record<string, string>;

export type Ended = { code: number | null; stdout: string; stderr: string };

/** Nothing of the tests' own environment but what a process needs to run at all, and soon. */
export const base: Environment = {
  PATH: process.env.PATH!,
  HOME: process.env.HOME ?? '/',
  TMPDIR: process.env.TMPDIR!,
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE!,
};

export type Running = {
  process: ChildProcess;
  /** What was printed so far. */
  output(): string;
  /** Resolves as soon as that has been printed; rejects when it ends before. */
  says(text: RegExp): Promise<void>;
  /** Resolves with the URL as soon as the server says where it is; rejects when it ends before. */
  url: Promise<string>;
  ended: Promise<Ended>;
};

/** Starts a command and leaves it running. @param code the folder that has the sources */
export function start(args: string[], env: Environment, cwd?: string, code = root): Running {
  const child = spawn(process.execPath, [join(code, 'src/main.ts'), ...args], { env: { ...base, ...env }, cwd });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
  const url = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => {
      const found = /GraphQL +(http:\S+)\/graphql/.exec(stdout)?.[1];
      if (found) resolve(found);
    });
    void ended.then(() => reject(new Error(`It ended before it served:\n${stdout}${stderr}`)));
  });
  url.catch(() => {});
  const output = () => stdout + stderr;
  let hasEnded = false;
  void ended.then(() => (hasEnded = true));
  async function says(text: RegExp): Promise<void> {
    for (; !text.test(output()); await sleep(20)) {
      if (hasEnded) throw new Error(`It ended before it said ${String(text)}:\n${output()}`);
    }
  }
  return { process: child, output, says, url, ended };
}

/**
 * Servers for the tests of a file, which start with the exported schema as those of the package do: gives what starts one, and ends each after
 * the test that started it.
 * @param environment what they have in common; the database is as the migrations make it when the first test begins
 */
export function useServers(environment: () => Environment): (env?: Environment) => Running {
  const running: Running[] = [];
  let code: string;
  beforeAll(async () => {
    code = await installOnce(environment().DATABASE_URL!);
  });
  afterEach(async () => {
    for (const { process, ended } of running.splice(0)) {
      process.kill('SIGKILL');
      // The output is closed when its workers are gone too.
      await ended;
    }
  });
  return (env) => {
    const server = start(['serve'], { ...environment(), ...env }, undefined, code);
    running.push(server);
    return server;
  };
}

/** Runs a command to its end. */
export const run = (args: string[], env: Environment = {}, cwd?: string): Promise<Ended> => start(args, env, cwd).ended;
