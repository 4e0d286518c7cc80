/** As much of psql as a page of the documentation uses: URL, -c, -f, -q, -A, -t, -v, standard input; one session, which ends at an error. */
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { readPsqlFile } from '../../src/proof/tap/psql-file.ts';

const { tokens, positionals } = parseArgs({
  allowPositionals: true,
  tokens: true,
  options: {
    command: { type: 'string', short: 'c', multiple: true },
    file: { type: 'string', short: 'f', multiple: true },
    variable: { type: 'string', short: 'v', multiple: true },
    quiet: { type: 'boolean', short: 'q' },
    unaligned: { type: 'boolean', short: 'A' },
    tuples: { type: 'boolean', short: 't' },
  },
});
const given = tokens.flatMap((token) => (token.kind === 'option' ? [token] : []));
const work: string[] = [];
for (const { name, value } of given) {
  if (name === 'command') work.push(value);
  if (name === 'file') work.push(await readPsqlFile(value));
}
if (work.length === 0) work.push(await text(process.stdin));

const client = new pg.Client(positionals[0]);
await client.connect();
try {
  for (const sql of work) {
    const results = [await client.query<unknown[]>({ text: sql, rowMode: 'array' })].flat();
    for (const { rows } of results)
      for (const row of rows)
        process.stdout.write(`${row.join('|')}
`);
  }
} finally {
  await client.end();
}
