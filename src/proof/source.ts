/**
 * Where throw-away databases come from. A source is a template: a database with the schema in it, to which nobody is connected, copied as often
 * as is wanted. Nothing of it outlives the command.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { connect } from '../database/connect.ts';
import { onDatabase, readDatabaseUrl } from '../database/url.ts';
import { OperatorError } from '../errors.ts';

export type Source = {
  /** A new copy of the template; `drop` ends whoever is connected to it. */
  copy(): Promise<Copy>;
  /** Drops the template, and the copies that are left. */
  release(): Promise<void>;
};

export type Copy = { url: string; drop(): Promise<void> };

/** Of the sources that are open, or being opened: an interruption comes from outside, and waits for nobody to hand them over. */
const releases = new Set<() => Promise<void>>();

/** Drops all that is there of any source. For an interruption: whatever is at work with them fails. */
export const releaseSources = async (): Promise<void> => {
  for (const release of releases) await release();
};

/** Fills an empty database, of which it is given a superuser's URL. */
export type Build = (url: string) => Promise<void>;

/**
 * Opens a source.
 * @param adminUrl a superuser's; without `build`, of the database to copy, which nobody else may be connected to
 * @param build makes the schema in an empty database; without it, the database of the URL is copied with all that is in it
 * @param prepare changes the template before it is copied
 * @throws OperatorError when the role is no superuser, others are connected, or the build fails
 */
export async function openSource(adminUrl: string, build?: Build, prepare?: Build): Promise<Source> {
  const { database } = readDatabaseUrl(adminUrl, 'the database to prove');
  // Not on the database itself: it could not be copied while somebody is connected to it.
  const admin = await connect(
    onDatabase(adminUrl, database === 'postgres' ? 'template1' : 'postgres'),
    'the database to prove',
  );
  const mine = new Set<string>();
  let released: Promise<void> | undefined;
  const { rows } = await admin.query<{ pid: number }>('select pg_catalog.pg_backend_pid() as pid');
  const { pid } = rows[0]!;

  const create = async (template: string): Promise<Copy> => {
    if (released !== undefined) throw new OperatorError('The throw-away databases are gone: this was interrupted.');
    const name = `hedgerow_proof_${pid}_${randomBytes(4).toString('hex')}`;
    // Before it is there: an interruption in between must find it too.
    mine.add(name);
    await admin.query(`create database ${name} template ${pg.escapeIdentifier(template)}`);
    return {
      url: onDatabase(adminUrl, name),
      async drop() {
        await admin.query(`drop database if exists ${name} with (force)`);
        mine.delete(name);
      },
    };
  };
  const clear = async () => {
    for (const name of mine) await admin.query(`drop database if exists ${name} with (force)`);
    await admin.end();
    releases.delete(release);
  };
  // An interruption may come while it is being released.
  const release = () => (released ??= clear());
  releases.add(release);

  try {
    await assertSuperuser(admin);
    await dropLeftovers(admin);
    const template = await create(build ? 'template0' : database);
    await build?.(template.url);
    await prepare?.(template.url);
    const { database: templateName } = readDatabaseUrl(template.url, 'the copy');
    return { copy: () => create(templateName), release };
  } catch (error) {
    await release();
    throw explain(error, database);
  }
}

async function assertSuperuser(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ rolsuper: boolean; rolname: string }>(
    'select rolsuper, rolname from pg_catalog.pg_roles where rolname = current_user',
  );
  if (rows[0]!.rolsuper) return;
  throw new OperatorError(
    `The role ${rows[0]!.rolname} is no superuser. Throw-away databases are made, broken and played in as several roles: use a development server, such as the one of "npx hedgerow serve", or one in a container.`,
  );
}

/** A command that was killed could not clean up: a database goes when the connection that it is named after is gone. */
async function dropLeftovers(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ datname: string }>(
    `select datname from pg_catalog.pg_database
     where datname ~ '^hedgerow_proof_\\d+_'
     and split_part(datname, '_', 3)::int not in (select pid from pg_catalog.pg_stat_activity)`,
  );
  for (const { datname } of rows) await admin.query(`drop database if exists ${datname} with (force)`);
}

function explain(error: unknown, database: string): unknown {
  const { code } = error as { code?: string };
  // undefined_database: what was to be the template.
  if (code === '3D000') return new OperatorError(`There is no database ${database} on this server to copy.`);
  // object_in_use
  if (code !== '55006') return error;
  return new OperatorError(
    `The database ${database} cannot be copied while others are connected to it. Disconnect them, or say in the configuration how to build the schema in an empty database: "build".`,
  );
}

/**
 * A build by a shell command, which finds the URL of the empty database in DATABASE_URL, and in PGHOST and so on.
 * @param folder where it runs
 */
export function buildByCommand(
  command: string,
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): Build {
  return async (url) => {
    const child = spawn(command, {
      shell: true,
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...env, ...connectionVariables(url) },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const code = await new Promise<number | null>((done, fail) => child.once('error', fail).once('close', done));
    if (code !== 0) throw new OperatorError(`The build failed (exit code ${code}): ${command}\n${said.trimEnd()}`);
  };
}

/** The variables by which programs find a database: DATABASE_URL, and those of libpq. */
export function connectionVariables(url: string): Record<string, string> {
  const { hostname, port, username, password, pathname } = new URL(url);
  return {
    DATABASE_URL: url,
    PGHOST: hostname,
    PGPORT: port || '5432',
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: decodeURIComponent(pathname.slice(1)),
  };
}
