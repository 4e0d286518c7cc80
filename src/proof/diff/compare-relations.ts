/** What differs in tables and views themselves: row-level security, options, owners, columns. */
import { ownerColumns, parseExpression } from '../expression.ts';
import { mainOwner, type Access, type AccessColumn, type AccessRelation } from './access.ts';
import { list, pair, towards, who, type Change, type Direction } from './change.ts';
import { normaliseQuery } from './view-query.ts';

export function compareRelations(from: Access, to: Access): Change[] {
  const { gone, came, both } = pair(from.relations, to.relations, ({ name }) => name);
  return [
    ...gone.map(({ kind, name }): Change => ({
      direction: 'narrowed',
      object: name,
      what: `The ${kind} ${name} is gone.`,
    })),
    ...came.map((relation) => newRelation(relation, to)),
    ...both.flatMap(([before, after]) => [
      ...compareSwitches(before, after),
      ...compareView(before, after),
      ...compareOwner(before, after, from, to),
      ...compareColumns(before, after, to),
    ]),
  ];
}

function newRelation(relation: AccessRelation, { grants }: Access): Change {
  const { kind, name } = relation;
  const grantees = new Set(grants.filter(({ object }) => object === name).map(({ grantee }) => who(grantee)));
  const reach = grantees.size === 0 ? 'nobody but its owner may use it' : `${list([...grantees])} may use it`;
  if (kind === 'table' && !relation.rowSecurity) {
    const direction = grantees.size === 0 ? 'changed' : 'widened';
    return { direction, object: name, what: `The table ${name} is new and has no row-level security; ${reach}.` };
  }
  if (kind === 'view' && !invoker(relation)) {
    const direction = grantees.size === 0 ? 'changed' : 'widened';
    return {
      direction,
      object: name,
      what: `The view ${name} is new and reads with the rights of its owner; ${reach}.`,
    };
  }
  return { direction: 'changed', object: name, what: `The ${kind} ${name} is new; ${reach}.` };
}

function compareSwitches(before: AccessRelation, after: AccessRelation): Change[] {
  const { name } = after;
  const changes: Change[] = [];
  if (before.kind !== after.kind) {
    changes.push({
      direction: 'changed',
      object: name,
      what: `${name} is now a ${after.kind}.`,
      before: before.kind,
      after: after.kind,
    });
  }
  if (before.rowSecurity !== after.rowSecurity) {
    const what = after.rowSecurity
      ? `Row-level security of ${name} is now on: only rows that a policy names can be reached.`
      : `Row-level security of ${name} is now off: whoever has a grant reaches all rows.`;
    changes.push({ direction: towards(!after.rowSecurity), object: name, what });
  }
  if (before.forced !== after.forced) {
    const held = after.forced ? 'is now held' : 'is no longer held';
    changes.push({
      direction: towards(!after.forced),
      object: name,
      what: `The owner of ${name} ${held} to its policies.`,
    });
  }
  const [was, is] = [before, after].map(({ parents }) => parents.join(', '));
  if (was !== is) {
    const what = `${name} ${is === '' ? 'is no longer part of another table' : `is now part of ${is}, whose policies and grants open it too`}.`;
    changes.push({
      direction: was === '' ? 'widened' : is === '' ? 'narrowed' : 'changed',
      object: name,
      what,
      before: was,
      after: is,
    });
  }
  return changes;
}

const isOn = (name: string) => {
  const pattern = new RegExp(`^${name}=(true|on|1|yes)$`, 'i');
  return ({ options }: AccessRelation): boolean => options.some((option) => pattern.test(option));
};
const invoker = isOn('security_invoker');
const barrier = isOn('security_barrier');

function compareView(before: AccessRelation, after: AccessRelation): Change[] {
  const { name: object } = after;
  const changes: Change[] = [];
  if (after.kind === 'view' && invoker(before) !== invoker(after)) {
    const whose = invoker(after) ? 'of who asks' : 'of its owner, so the policies for who asks do not count';
    changes.push({
      direction: towards(!invoker(after)),
      object,
      what: `${object} now reads with the rights ${whose}.`,
    });
  }
  if (barrier(before) !== barrier(after)) {
    const what = barrier(after)
      ? `A condition on ${object} no longer sees rows that the view leaves out.`
      : `A condition on ${object} may now see rows that the view leaves out: it is no security barrier any more.`;
    changes.push({ direction: towards(!barrier(after)), object, what });
  }
  const others = ({ options }: AccessRelation) =>
    options
      .filter((option) => !/^security_(invoker|barrier)=/.test(option))
      .toSorted()
      .join(', ');
  if (others(before) !== others(after)) {
    changes.push({
      direction: 'changed',
      object,
      what: `The options of ${object} changed.`,
      before: others(before),
      after: others(after),
    });
  }
  const [was, is] = [before, after].map(({ query }) => (query === null ? undefined : normaliseQuery(query)));
  if (was !== is)
    changes.push({ direction: 'changed', object, what: `${object} shows something else.`, before: was, after: is });
  return changes;
}

/** Names of owners differ per installation: what counts is whether it is the one that most belongs to. */
function compareOwner(before: AccessRelation, after: AccessRelation, from: Access, to: Access): Change[] {
  const was = before.owner === mainOwner(from) ? 'the usual owner' : before.owner;
  const is = after.owner === mainOwner(to) ? 'the usual owner' : after.owner;
  if (was === is) return [];
  const what = `${after.name} now belongs to ${is}, who may do everything with it.`;
  return [
    { direction: is === 'the usual owner' ? 'narrowed' : 'widened', object: after.name, what, before: was, after: is },
  ];
}

function compareColumns(before: AccessRelation, after: AccessRelation, { policies }: Access): Change[] {
  const { name } = after;
  if (after.query !== null) return [];
  const owners = new Set(
    policies
      .filter(({ table }) => table === name)
      .flatMap(({ using, check }) => [using, check].filter((one) => one !== null))
      .flatMap((predicate) => ownerColumns(parseExpression(predicate))),
  );
  const { gone, came, both } = pair(before.columns, after.columns, (column) => column.name);
  return [
    ...gone.map((column): Change => ({
      direction: 'narrowed',
      object: name,
      what: `The column ${name}.${column.name} is gone.`,
    })),
    ...came.map((column): Change => ({
      direction: 'changed',
      object: name,
      what: `The column ${name}.${column.name} is new.`,
    })),
    ...both.flatMap(([old, now]) => compareColumn(name, old, now, owners.has(now.name))),
  ];
}

function compareColumn(table: string, before: AccessColumn, after: AccessColumn, saysWhose: boolean): Change[] {
  const column = `${table}.${after.name}`;
  const changes: Change[] = [];
  const add = (direction: Direction, what: string, old: string | null, now: string | null) =>
    changes.push({ direction, object: table, what, before: old ?? 'none', after: now ?? 'none' });

  if (before.type !== after.type) add('changed', `${column} has another type.`, before.type, after.type);
  if (before.collation !== after.collation) {
    add(
      'changed',
      `${column} has another collation, which decides what equals what.`,
      before.collation,
      after.collation,
    );
  }
  if (before.notNull !== after.notNull) {
    const what = `${column} ${after.notNull ? 'can no longer be null' : 'may now be null'}.`;
    changes.push({ direction: towards(!after.notNull), object: table, what });
  }
  if (before.made !== after.made)
    add('changed', `The database makes ${column} in another way.`, before.made, after.made);
  if (before.default !== after.default) {
    const what = saysWhose
      ? `${column}, which says whose a row is, comes from elsewhere when it is not given.`
      : `${column} has another value when it is not given.`;
    add('changed', what, before.default, after.default);
  }
  return changes;
}
