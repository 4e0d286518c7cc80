#!/usr/bin/env -S node --max-semi-space-size=16
/**
 * The `hedgerow` command. It looks at the version of Node first: an older one would fail later, with a worse message. The flag halves the space for new
 * objects: a server under load takes 75 MB less, for no processor time that could be measured (bench/figures/speed.md).
 */

import module from 'node:module';
import { join } from 'node:path';

/** PostGraphile 5 uses Promise.withResolvers, which came with Node 22. */
const oldestNode = 22;

const [major] = process.versions.node.split('.');
if (Number(major) < oldestNode) {
  process.stderr.write(`Hedgerow needs Node ${oldestNode} or newer; this is ${process.version}.\n`);
  process.exit(1);
}

// What is compiled once need not be compiled at the next start: a quarter of it. Beside the program, where who may write may change it too; where nobody
// may, it is left out. In development sources change, and nothing is to be written among them.
if (import.meta.filename.endsWith('.js')) {
  // It came with Node 22.1.
  (module as Partial<typeof module>).enableCompileCache?.(join(import.meta.dirname, '.compile-cache'));
}

// Read by grafast when it is loaded: development adds checks and warnings. It complains when it is not told.
process.env.GRAPHILE_ENV ??= process.env.NODE_ENV === 'production' ? 'production' : 'development';

const { createProgram } = await import('./cli/program.ts');
const { OperatorError } = await import('./errors.ts');
const { version } = await import('./version.ts');

try {
  await createProgram(version).parseAsync();
} catch (error) {
  if (!(error instanceof OperatorError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
