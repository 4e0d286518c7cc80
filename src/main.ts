#!/usr/bin/env node
/** The `hedgerow` command. It looks at the version of Node first: an older one would fail later, with a worse message. */

/** PostGraphile 5 uses Promise.withResolvers, which came with Node 22. */
const oldestNode = 22;

const [major] = process.versions.node.split('.');
if (Number(major) < oldestNode) {
  process.stderr.write(`Hedgerow needs Node ${oldestNode} or newer; this is ${process.version}.\n`);
  process.exit(1);
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
