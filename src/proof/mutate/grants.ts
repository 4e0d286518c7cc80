/** Mutants of grants: what is not granted to a visitor, granted. */
import type { Catalog } from '../catalog.ts';
import { quoted, type Mutant } from './mutant.ts';

/** Privileges of a table that are not by column. Truncate ignores row-level security; a trigger of somebody else's runs as whoever writes. */
const tablePrivileges = ['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger'];

/** What each visitor, and everybody, may not do to tables, columns, schemas and functions so far. */
export function grantMutants(
  { schemas, relations, functions, grants }: Catalog,
  visitors: readonly string[],
): Mutant[] {
  const granted = new Set(
    grants.map(({ kind, object, column, grantee, privilege }) => [kind, object, column, grantee, privilege].join(' ')),
  );
  const has = (kind: string, object: string, column: string | null, role: string, privilege: string) =>
    [role, 'public'].some((grantee) => granted.has([kind, object, column, grantee, privilege].join(' ')));

  const mutant = (
    role: string,
    object: string,
    what: string,
    on: string,
    scene: string,
    equivalent?: string,
  ): Mutant => ({
    id: `${object}: ${what} granted to ${role}`,
    object,
    command: 'grant',
    sql: `grant ${what} on ${on} to ${role === 'public' ? role : quoted(role)};`,
    scene,
    ...(equivalent !== undefined && { equivalent }),
  });

  /** A visitor for whom a door further out is closed comes to nothing by this one. */
  const shut = (schema: string, role: string) =>
    has('schema', quoted(schema), null, role, 'usage') ? undefined : `${role} may not use the schema ${schema}`;

  const tables = relations.filter(({ kind }) => kind !== 'sequence');
  return [...visitors, 'public'].flatMap((role) => [
    ...schemas
      .filter((schema) => !has('schema', quoted(schema), null, role, 'usage'))
      .map((schema) =>
        mutant(
          role,
          schema,
          'usage',
          `schema ${quoted(schema)}`,
          'its privileges are these and no more (schema_privs_are)',
        ),
      ),
    ...tables.flatMap(({ name, schema }) =>
      tablePrivileges
        .filter((privilege) => !has('table', name, null, role, privilege))
        .map((privilege) =>
          mutant(
            role,
            name,
            privilege,
            `table ${name}`,
            'its privileges are these and no more (table_privs_are)',
            shut(schema, role),
          ),
        ),
    ),
    ...(role === 'public' ? [] : tables).flatMap(({ name, schema, columns }) =>
      columns.flatMap((column) =>
        ['select', 'insert', 'update']
          .filter(
            (privilege) =>
              !has('table', name, null, role, privilege) && !has('column', name, quoted(column.name), role, privilege),
          )
          .map((privilege) =>
            mutant(
              role,
              name,
              `${privilege} (${quoted(column.name)})`,
              `table ${name}`,
              'the privileges of its columns are these and no more (column_privs_are)',
              shut(schema, role),
            ),
          ),
      ),
    ),
    ...functions
      .filter(({ name }) => !has('function', name, null, role, 'execute'))
      .map(({ name, schema, kind, returns }) =>
        mutant(
          role,
          name,
          'execute',
          `${kind} ${name}`,
          'it is executable by these and no others (function_privs_are)',
          returns === 'trigger' ? 'a trigger function cannot be called' : shut(schema, role),
        ),
      ),
  ]);
}
