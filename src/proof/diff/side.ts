/** One side of a comparison: a database that is there, a git revision, or what lies in the folder now; read as what decides access. */
import { connect } from '../../database/connect.ts';
import { OperatorError } from '../../errors.ts';
import type { ProofConfig } from '../config.ts';
import { type Build, openSource } from '../source.ts';
import { readAccess, type Access } from './access.ts';
import { withRevision } from './revision.ts';

export type DiffContext = {
  config: ProofConfig;
  /** A superuser's, of the server on which schemas are built. */
  serverUrl: string;
  /** The database that the configuration names; it stands for the working tree where there is no build. */
  databaseUrl?: string;
  /** Makes the schema from the files of a folder, that of the configuration. Without it only databases can be compared. */
  build?: (folder: string) => Build;
  /** What git finds in its own. */
  env: Readonly<Record<string, string | undefined>>;
};

/** The name of the working tree, as what is given for a side. */
export const workingTree = '.';

/** What there is now: the working tree, or the database where nothing is built. */
export const present = ({ build, databaseUrl }: DiffContext): string =>
  build === undefined && databaseUrl !== undefined ? databaseUrl : workingTree;

export const isDatabase = (side: string): boolean => /^postgres(ql)?:\/\//.test(side);

/**
 * Reads a side.
 * @param side the URL of a database, `.`, or a git revision; what is not a database is built on the server of the configuration, and dropped
 * @param roles those whose attributes and memberships are read too
 * @throws OperatorError when it cannot be reached, found or built
 */
export async function readSide(side: string, context: DiffContext, roles: readonly string[]): Promise<Access> {
  const { config, env } = context;
  if (isDatabase(side)) return await readDatabase(side, config, roles);
  if (side === workingTree) return await readBuilt(config.folder, 'the working tree', context, roles);
  return await withRevision(config.folder, side, env, (folder) => readBuilt(folder, side, context, roles));
}

/** In one transaction, so that it is one state; read only, and any role that may connect will do. */
async function readDatabase(url: string, { schemas }: ProofConfig, roles: readonly string[]): Promise<Access> {
  const client = await connect(url, 'the database to compare');
  try {
    await client.query('begin transaction isolation level repeatable read read only');
    const { rowCount } = await client.query('select from pg_catalog.pg_namespace where nspname = any ($1)', [schemas]);
    if (rowCount === 0) {
      throw new OperatorError(
        `The database ${new URL(url).pathname.slice(1)} has none of the schemas ${schemas.join(', ')}. Is it the right one?`,
      );
    }
    return await readAccess(client, schemas, roles);
  } finally {
    await client.end();
  }
}

async function readBuilt(
  folder: string,
  name: string,
  context: DiffContext,
  roles: readonly string[],
): Promise<Access> {
  const { config, serverUrl, build } = context;
  if (build === undefined) {
    throw new OperatorError(
      `To compare ${name}, its schema is built first: say in the configuration how to make it in an empty database ("build").`,
    );
  }
  let access: Access | undefined;
  const source = await openSource(serverUrl, async (url) => {
    try {
      await build(folder)(url);
    } catch (error) {
      throw new OperatorError(`The schema of ${name} cannot be built: ${(error as Error).message}`, { cause: error });
    }
    access = await readDatabase(url, config, roles);
  });
  await source.release();
  return access!;
}
