/** Grants and default privileges as SQL, in an order that does not depend on how they came about. */
import pg from 'pg';
import type { Access, AccessGrant, DefaultAccess } from './access.ts';

/** As PostgreSQL's documentation lists them. */
const order = [
  'select',
  'insert',
  'update',
  'delete',
  'truncate',
  'references',
  'trigger',
  'maintain',
  'usage',
  'create',
  'execute',
];

/**
 * One line per grantee and kind of grant; of a table, then one for the columns of each privilege.
 * @param object as the grants name it
 */
export function printGrants(
  kind: 'schema' | 'table' | 'function' | 'type',
  object: string,
  { grants }: Pick<Access, 'grants'>,
): string[] {
  const own = grants.filter((grant) => grant.object === object && grant.kind === kind);
  const ofColumns =
    kind === 'table' ? grants.filter((grant) => grant.object === object && grant.kind === 'column') : [];
  const text = (grant: AccessGrant) => `${identifier(grant.grantee)}${grant.grantable ? ' with grant option' : ''}`;

  const whole = groups(own, text).map(
    ([to, given]) => `grant ${inOrder(given).join(', ')} on ${kind} ${object} to ${to};`,
  );
  const perColumn = groups(ofColumns, (grant) => `${rank(grant)} ${grant.privilege} to ${text(grant)}`).map(
    ([, given]) => {
      const columns = given.map(({ column }) => column!);
      return `grant ${given[0]!.privilege} (${columns.toSorted().join(', ')}) on table ${object} to ${text(given[0]!)};`;
    },
  );
  return [...whole, ...perColumn];
}

/** What is granted on what is yet to be made; nothing when PostgreSQL's own rules hold. */
export function printDefaults(defaults: readonly DefaultAccess[], owner: string | undefined): string {
  const lines = groups(defaults, (one) => {
    const whose = one.owner === owner ? '' : ` for role ${identifier(one.owner)}`;
    const where = one.schema === null ? '' : ` in schema ${one.schema}`;
    const what = `on ${one.kind} ${one.revoked ? 'from' : 'to'} ${identifier(one.grantee)}`;
    return `alter default privileges${whose}${where} ${one.revoked ? 'revoke' : 'grant'} * ${what}${one.grantable ? ' with grant option' : ''};`;
  }).map(([line, entries]) => line.replace('*', inOrder(entries).join(', ')));
  return lines.length === 0 ? '' : ['/* default privileges */', ...lines].join('\n');
}

const rank = ({ privilege }: { privilege: string }): string => String(order.indexOf(privilege)).padStart(2, '0');

const inOrder = (grants: readonly { privilege: string }[]): string[] =>
  grants.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1)).map(({ privilege }) => privilege);

/** Quoted where it reads better. Not to be run: a keyword is not quoted, so `public` is not. */
export const identifier = (name: string): string => pg.escapeIdentifier(name).replace(/^"([a-z_][a-z0-9_]*)"$/, '$1');

/** What has the same text together, in the order of the texts. */
function groups<Thing>(things: readonly Thing[], text: (thing: Thing) => string): [string, Thing[]][] {
  const found = new Map<string, Thing[]>();
  for (const thing of things) found.set(text(thing), [...(found.get(text(thing)) ?? []), thing]);
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
}
