/**
 * Writes the exported schema that a server starts with (src/graphql/exported.ts): `node build/export-schema.ts <folder> [options]`. What it
 * writes is loaded again, and has to be the schema that was built.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { exportSchemaAsString } from 'graphile-export';
import type { GraphQLSchema } from 'postgraphile/graphql';
import * as sql from 'postgraphile/pg-sql2';
import { fencedPgService, fencedTransactions } from '../src/database/fence.ts';
import { openDatabase } from '../src/database/open.ts';
import { createPool } from '../src/database/pool.ts';
import * as errors from '../src/errors.ts';
import { buildSchema } from '../src/graphql/build-schema.ts';
import { exportFiles, type Manifest, sha256 } from '../src/graphql/exported.ts';
import * as page from '../src/graphql/page.ts';
import { printSorted } from '../src/graphql/print-schema.ts';
import { readShape } from '../src/graphql/shape.ts';
import * as time from '../src/graphql/time.ts';
import { createLogger } from '../src/http/request-log.ts';
import { version } from '../src/version.ts';

/** What of our own code plans call when they run; everything else of a plan is written out. */
const ownModules = { errors, 'graphql/page': page, 'graphql/time': time };

/** Under which names the libraries are imported: the package depends on PostGraphile, and on theirs only through it. */
const libraries: Record<string, string> = {
  grafast: 'postgraphile/grafast',
  graphql: 'postgraphile/graphql',
  '@dataplan/pg': 'postgraphile/@dataplan/pg',
  'pg-sql2': 'postgraphile/pg-sql2',
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    // The compiled code, or the sources.
    code: { type: 'string', default: 'dist' },
    // As the API's login; by default a throw-away one with the committed migrations.
    database: { type: 'string' },
  },
});
await exportTo(resolve(positionals[0]!));

async function exportTo(folder: string): Promise<void> {
  const database = await openMigrated(values.database);
  const pool = createPool({ url: database.url, size: 1, acquireTimeoutMs: 10_000 }, createLogger('warn'));
  try {
    const schema = await buildSchema({ pgServices: [fencedPgService(pool)] });
    const module = await toModule(schema, folder);
    const shape = await readShape(fencedTransactions(pool));
    const manifest: Manifest = { version, sha256: sha256(module), shape };

    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, exportFiles.module), module);
    await assertSame(schema, join(folder, exportFiles.module));
    await writeFile(join(folder, exportFiles.manifest), `${JSON.stringify(manifest, undefined, 2)}\n`);
  } finally {
    await pool.end();
    await database.release();
  }
}

async function openMigrated(url: string | undefined): Promise<{ url: string; release(): Promise<void> }> {
  if (url) return { url, release: async () => {} };
  const dataDir = await mkdtemp(join(tmpdir(), 'hedgerow-export-'));
  const { apiUrl, release } = await openDatabase({ database: { kind: 'embedded' }, dataDir, usesAuthSchema: false });
  return {
    url: apiUrl!,
    async release() {
      await release();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** The schema as a module for that folder. A plan that needs what nobody has named fails here: it is not EXPORTABLE. */
async function toModule(schema: GraphQLSchema, folder: string): Promise<string> {
  const code = resolve(import.meta.dirname, '..', values.code);
  const extension = values.code === 'dist' ? 'js' : 'ts';
  const own = Object.entries(ownModules).map(([name, module]) => {
    const path = relative(folder, join(code, `${name}.${extension}`));
    return [path.startsWith('.') ? path : `./${path}`, module] as const;
  });
  const written = await exportSchemaAsString(schema, { modules: { 'pg-sql2': sql, ...Object.fromEntries(own) } });
  const imports = /^import (.+) from "(.+)";$/gm;
  const withOurImports = written.code.replace(imports, (line, names: string, from: string) => {
    if (from.startsWith('.')) return line;
    if (!(from in libraries)) throw new Error(`The exported schema imports ${from}, which nobody has named.`);
    return `import ${names} from ${JSON.stringify(libraries[from])};`;
  });
  // Oids are another database's own. Only building reads them.
  return withOurImports.replace(/^ +oid: "\d+",\n/gm, '');
}

async function assertSame(built: GraphQLSchema, path: string): Promise<void> {
  const { schema } = (await import(pathToFileURL(path).href)) as { schema: GraphQLSchema };
  if (printSorted(schema) !== printSorted(built)) throw new Error(`${path} is not the schema that was built.`);
}
