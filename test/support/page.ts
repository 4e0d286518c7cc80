/** A page of the documentation, followed as a reader would: its files are written, its commands run, its outputs compared. */
import { execFile } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export type Step =
  /** A file stands under its name: a line with `name`: and nothing else, before the block. */
  | { kind: 'file'; name: string; content: string }
  /** A block in the language `sh`; what it prints is in the next one without a language. */
  | { kind: 'commands'; commands: string; shown?: string };

/** The steps of the page, in its order. Blocks in other languages, without a name, are for reading. */
export function readSteps(page: string): Step[] {
  const steps: Step[] = [];
  for (const [, name, language, content] of page.matchAll(
    /(?:^`([^`\n]+)`:\n\n)?^```(\w*)\n([\s\S]*?)^```$/gm,
  ) as Iterable<[string, string | undefined, string, string]>) {
    const last = steps.at(-1);
    if (name !== undefined) steps.push({ kind: 'file', name, content });
    else if (language === 'sh') steps.push({ kind: 'commands', commands: content });
    else if (language === '' && last?.kind === 'commands') last.shown = content;
  }
  return steps;
}

/** What a reader has installed: `hedgerow` by npx is that of this checkout, and psql may be missing where tests run. */
export async function makePrograms(folder: string): Promise<void> {
  const root = join(import.meta.dirname, '../..');
  const node = `exec "${process.execPath}"`;
  await mkdir(folder);
  for (const [name, script] of [
    ['npx', `[ "$1" = hedgerow ] || exit 127\nshift\n${node} "${root}/src/main.ts" "$@"`],
    ['psql', `${node} "${root}/test/support/psql.ts" "$@"`],
  ] as const) {
    await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, name), 0o755);
  }
}

/** Writes a file of the page. */
export async function writeStep(folder: string, { name, content }: { name: string; content: string }): Promise<void> {
  await mkdir(join(folder, dirname(name)), { recursive: true });
  await writeFile(join(folder, name), content);
}

/** Types the commands into a shell. Gives what a terminal would show, standard error included. */
export function type(commands: string, cwd: string, env: Record<string, string>) {
  return new Promise<{ code: number; printed: string }>((done) => {
    execFile('sh', ['-c', `exec 2>&1\n${commands}`], { cwd, env, maxBuffer: 2 ** 26 }, (error, printed) =>
      done({ code: error === null ? 0 : Number(error.code ?? 1), printed }),
    );
  });
}

/** The shown text with its gaps filled from what was printed: a line `…` stands for lines that were left out, up to the next that is shown. */
export function fillGaps(shown: string, printed: string): string {
  const lines = printed.split('\n');
  const wanted = shown.split('\n');
  let at = 0;
  return wanted
    .flatMap((line, index) => {
      if (line !== '…') {
        at += 1;
        return [line];
      }
      const next = wanted[index + 1]!;
      const until = next === '' ? lines.length - 1 : lines.indexOf(next, at);
      if (until === -1) return [line];
      const filling = lines.slice(at, until);
      at = until;
      return filling;
    })
    .join('\n');
}
