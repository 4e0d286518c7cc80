/**
 * A process of its own that holds the embedded PostgreSQL: node embedded-holder.ts '<options as JSON>'. It says in one line of
 * JSON what it got or which error it met, and leaves when its standard input ends; with `idle` it does not wait for that.
 */
import { startEmbeddedPostgres } from '../../src/database/embedded/start.ts';

const { idle = false, ...options } = JSON.parse(process.argv[2] ?? '{}');
// As hedgerow does, which first finishes its requests.
process.on('SIGINT', () => {});
try {
  const { release, ...told } = await startEmbeddedPostgres(options);
  console.log(JSON.stringify(told));
  if (!idle) process.stdin.resume().once('end', () => void release());
} catch (error) {
  console.log(JSON.stringify({ error: { name: (error as Error).name, message: (error as Error).message } }));
  process.exitCode = 1;
}
