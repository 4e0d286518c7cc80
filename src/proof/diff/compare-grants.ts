/** What differs in the grants. A grant on a table is one on each of its columns, those to come among them. */
import type { Access, AccessGrant } from './access.ts';
import { pair, towards, who, type Change } from './change.ts';

const ofColumns = ['select', 'insert', 'update', 'references'];

export function compareGrants(from: Access, to: Access): Change[] {
  const has = inWhole(to);
  const had = inWhole(from);
  const { gone, came, both } = pair(from.grants, to.grants, (grant) => `${keyOf(grant)} ${grant.privilege}`);
  const left = new Set(namesIn(to));
  const dropped = new Set(namesIn(from).filter((name) => !left.has(name)));
  return [
    ...gone
      // A grant on one column says nothing where the whole table is granted; and who loses an object has lost it.
      .filter((grant) => !owns(grant, to) && !dropped.has(grant.object) && !(grant.kind === 'column' && has(grant)))
      .map((grant) => changeOf(grant, false, partly(grant, to))),
    ...came.filter((grant) => !(grant.kind === 'column' && had(grant))).map((grant) => changeOf(grant, true)),
    ...both.flatMap(([before, after]): Change[] => {
      if (before.grantable === after.grantable) return [];
      const may = after.grantable ? 'may now' : 'may no longer';
      const what = `${who(after.grantee)} ${may} pass on the right to ${does(after)} ${nameOf(after)}.`;
      return [{ direction: towards(after.grantable), object: after.object, what }];
    }),
    ...newColumns(from, to),
  ];
}

function changeOf(grant: AccessGrant, opens: boolean, but = ''): Change {
  const may = `${does(grant)} ${nameOf(grant)}`;
  const further = grant.grantable ? ', and pass that right on' : '';
  const closed =
    grant.grantee === 'public' ? `not everybody may ${may} any more` : `${grant.grantee} may no longer ${may}`;
  return {
    direction: towards(opens),
    object: grant.object,
    what: `${opens ? `${who(grant.grantee)} may now ${may}${further}` : closed}${but}.`,
  };
}

/** The privileges whose names make no sentence. */
const verbs: Readonly<Record<string, string>> = {
  usage: 'use',
  references: 'refer to',
  trigger: 'make triggers on',
  create: 'make objects in',
};

/** Of a column one says that it is inserted; of a table, that one inserts into it. */
function does({ kind, privilege }: AccessGrant): string {
  const towardsTable = kind === 'table' ? { insert: 'insert into', delete: 'delete from' }[privilege] : undefined;
  return towardsTable ?? verbs[privilege] ?? privilege;
}

const keyOf = ({ kind, object, column, grantee }: AccessGrant): string =>
  `${kind} ${object} ${column ?? ''} ${grantee}`;

function nameOf({ kind, object, column }: AccessGrant): string {
  if (kind === 'column') return `${object}.${column}`;
  return kind === 'table' ? object : `the ${kind} ${object}`;
}

/** Tells whether the whole table is granted, of which the grant names a column. */
function inWhole({ grants }: Access) {
  const whole = new Set(
    grants
      .filter(({ kind, privilege }) => kind === 'table' && ofColumns.includes(privilege))
      .map(({ object, grantee, privilege }) => `${object} ${grantee} ${privilege}`),
  );
  return ({ object, grantee, privilege }: AccessGrant): boolean => whole.has(`${object} ${grantee} ${privilege}`);
}

/** The columns that are left when the table is no longer granted as a whole. */
function partly(grant: AccessGrant, { grants }: Access): string {
  if (grant.kind !== 'table') return '';
  const columns = grants
    .filter(
      ({ kind, object, grantee, privilege }) =>
        kind === 'column' && object === grant.object && grantee === grant.grantee && privilege === grant.privilege,
    )
    .map(({ column }) => column);
  return columns.length === 0 ? '' : ` as a whole, only ${columns.join(', ')}`;
}

/** A column that is added to a table which is granted as a whole is granted with it. */
function newColumns(from: Access, to: Access): Change[] {
  return pair(from.relations, to.relations, ({ name }) => name).both.flatMap(([before, after]) =>
    pair(before.columns, after.columns, ({ name }) => name).came.flatMap((column) =>
      to.grants
        .filter(
          ({ kind, object, privilege }) => kind === 'table' && object === after.name && ofColumns.includes(privilege),
        )
        .map(({ grantee, privilege }) => ({
          direction: 'widened' as const,
          object: after.name,
          what: `${who(grantee)} may ${privilege} the new column ${after.name}.${column.name}, because the whole table is granted.`,
        })),
    ),
  );
}

/** An owner needs no grant: making somebody the owner takes none away. */
const owns = ({ object, grantee }: AccessGrant, { relations, functions }: Access): boolean =>
  [...relations, ...functions].some(({ name, owner }) => name === object && owner === grantee);

/** Relations and functions; of types and schemas nothing else is known than their grants. */
const namesIn = ({ relations, functions }: Access): string[] => [...relations, ...functions].map(({ name }) => name);
