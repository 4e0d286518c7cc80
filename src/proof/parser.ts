/** PostgreSQL's own parser, and a printer of its trees (libpg-query and pgsql-deparser). What imports this file waits for it once. */
import { setFlagsFromString } from 'node:v8';

// The parser is WebAssembly, half a megabyte. V8 would optimise its largest functions as soon as they are warm: that takes a second of processor
// time and 600 MB, for which the process waits before it ends. Then it parses faster by a fifth, and no command has that much to parse.
setFlagsFromString('--no-wasm-tier-up');
setFlagsFromString('--no-wasm-dynamic-tiering');

// The flags count for what is compiled after them.
const [{ loadModule, parsePlPgSQLSync }, { deparseSync, parseSync }] = await Promise.all([
  import('libpg-query'),
  import('pgsql-parser'),
]);
await loadModule();

export { deparseSync, parsePlPgSQLSync, parseSync };
