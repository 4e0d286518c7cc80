/**
 * All that decides access in some schemas: the catalog, and what only a comparison needs: grant options, default privileges, roles, rules,
 * domains, how triggers fire, comments. Read from the same state of the database, and the same from PostgreSQL 15 to 18.
 */
import type { ClientBase } from 'pg';
import {
  readCatalog,
  type Catalog,
  type Column,
  type Grant,
  type Relation,
  type SqlFunction,
  type Trigger,
} from '../catalog.ts';
import { queries } from './queries.ts';

export type AccessColumn = Column & {
  /** How the database makes the value; null when it does not. */
  made: 'stored' | 'virtual' | 'identity always' | 'identity by default' | null;
  /** When it is not that of the type: it decides what equals what. */
  collation: string | null;
};

export type AccessRelation = Omit<Relation, 'columns'> & {
  columns: AccessColumn[];
  /** The tables that it is a child or a partition of, such as `app_public.tasks for values in ('a')`. */
  parents: string[];
};

export type AccessFunction = SqlFunction & { leakproof: boolean; strict: boolean; body: string };

export type AccessTrigger = Trigger & { fires: 'origin' | 'replica' | 'always' | 'disabled' };

export type AccessGrant = Grant & { grantable: boolean };

/** What will be granted on objects that the owner has yet to make; `revoked` are grants that PostgreSQL would make by itself. */
export type DefaultAccess = {
  owner: string;
  schema: string | null;
  kind: string;
  grantee: string;
  privilege: string;
  grantable: boolean;
  revoked: boolean;
};

export type Role = {
  name: string;
  superuser: boolean;
  bypassRls: boolean;
  login: boolean;
  inherit: boolean;
  createRole: boolean;
  createDatabase: boolean;
  replication: boolean;
  /** Such as `row_security=off`, for this database or all. */
  settings: string[];
  memberOf: { role: string; inherit: boolean; set: boolean; admin: boolean }[];
};

export type Rule = { table: string; name: string; enabled: boolean; definition: string };

export type Domain = {
  name: string;
  owner: string;
  type: string;
  notNull: boolean;
  default: string | null;
  constraints: string[];
};

export type Comment = { kind: string; object: string; comment: string };

export type Access = Omit<Catalog, 'relations' | 'functions' | 'triggers' | 'grants' | 'defaultGrants'> & {
  relations: AccessRelation[];
  functions: AccessFunction[];
  triggers: AccessTrigger[];
  grants: AccessGrant[];
  defaults: DefaultAccess[];
  /** Those that were asked for and exist, and those that they are members of. */
  roles: Role[];
  rules: Rule[];
  domains: Domain[];
  comments: Comment[];
};

/**
 * Reads it. In a transaction, what it has changed so far is seen.
 * @param roles those whose attributes and memberships are wanted, such as the visitors; roles are the server's, not the database's
 */
export async function readAccess(
  client: ClientBase,
  schemas: readonly string[],
  roles: readonly string[] = [],
): Promise<Access> {
  const { rows } = await client.query<{ before: string }>("select pg_catalog.current_setting('search_path') as before");
  await client.query("select pg_catalog.set_config('search_path', '', false)");
  try {
    const catalog = await readCatalog(client, schemas);
    const ask = async <Row>(query: string, argument: readonly string[] = schemas) =>
      (await client.query(query, [argument])).rows as Row[];
    const names = catalog.functions.map(({ name }) => name);

    const columns = await ask<{ table: string; name: string } & AccessColumn>(queries.columns);
    const parents = await ask<{ table: string; parent: string }>(queries.parents);
    const bodies = await ask<{ name: string; leakproof: boolean; strict: boolean; body: string }>(
      queries.bodies,
      names,
    );
    const fires = await ask<{ table: string; name: string; fires: AccessTrigger['fires'] }>(queries.fires);
    const grants = [
      ...(await ask<AccessGrant>(queries.grants)),
      ...(await ask<AccessGrant>(queries.functionGrants, names)),
    ];

    return {
      schemas: catalog.schemas,
      policies: catalog.policies,
      constraints: catalog.constraints,
      indexes: catalog.indexes,
      relations: catalog.relations.map((relation) => ({
        ...relation,
        columns: relation.columns.map((column) => ({
          ...column,
          ...withoutPlace(columns.find((one) => one.table === relation.name && one.name === column.name)!),
        })),
        parents: parents.filter(({ table }) => table === relation.name).map(({ parent }) => parent),
      })),
      functions: catalog.functions.map((one) => ({ ...one, ...bodies.find(({ name }) => name === one.name)! })),
      triggers: catalog.triggers.map((one) => ({
        ...one,
        fires: fires.find(({ table, name }) => table === one.table && name === one.name)!.fires,
      })),
      grants: grants.filter((grant) => !isMaintenance(grant, grants)),
      defaults: await ask(queries.defaults),
      roles: await ask(queries.roles, roles),
      rules: await ask(queries.rules),
      domains: await ask(queries.domains),
      comments: [...(await ask<Comment>(queries.comments)), ...(await ask<Comment>(queries.functionComments, names))],
    };
  } finally {
    await client.query("select pg_catalog.set_config('search_path', $1, false)", [rows[0]!.before]);
  }
}

const withoutPlace = ({ made, collation }: AccessColumn) => ({ made, collation });

/** From 17 on, `grant all` grants to maintain a table too: so that it reads the same everywhere, that is left out beside all others. */
function isMaintenance(grant: Grant, grants: readonly Grant[]): boolean {
  if (grant.privilege !== 'maintain') return false;
  const held = grants.filter(
    ({ kind, object, grantee }) => kind === grant.kind && object === grant.object && grantee === grant.grantee,
  );
  return held.length === 8;
}

/** The role that most of it belongs to. Its name differs from one installation to the next, so it is left out of what is compared. */
export function mainOwner({ relations, functions }: Pick<Access, 'relations' | 'functions'>): string | undefined {
  const counts = new Map<string, number>();
  for (const { owner } of [...relations, ...functions]) counts.set(owner, (counts.get(owner) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]?.[0];
}
