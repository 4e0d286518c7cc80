/** What differs in the policies. A permissive policy opens rows, a restrictive one closes them; so adding one means opposite things. */
import type { Policy } from '../catalog.ts';
import type { Access } from './access.ts';
import { list, onTable, pair, towards, who, type Change, type Direction } from './change.ts';
import { comparePredicates } from './implies.ts';

export function comparePolicies(from: Access, to: Access): Change[] {
  const tables = new Set(to.relations.map(({ name }) => name));
  const { gone, came, both } = pair(from.policies, to.policies, onTable);
  const renamed = gone.flatMap((old) =>
    came.filter((one) => shape(one) === shape(old)).map((one) => [old, one] as const),
  );
  const isRenamed = (policy: Policy) => renamed.some((couple) => couple.includes(policy));
  return [
    ...renamed.map(([old, { table, name }]) => ({
      direction: 'changed' as const,
      object: table,
      what: `The policy ${old.name} is now called ${name}, and says the same.`,
    })),
    ...gone.filter((policy) => !isRenamed(policy) && tables.has(policy.table)).map(droppedPolicy),
    ...came.filter((policy) => !isRenamed(policy)).map(newPolicy),
    ...both.flatMap(([before, after]) => comparePolicy(before, after)),
  ];
}

/** All but its name. */
const shape = ({ name: _, ...rest }: Policy): string => JSON.stringify(rest);

const manner = ({ permissive }: Policy): string => (permissive ? 'permissive' : 'restrictive');
const verb = ({ command }: Policy): string => (command === 'all' ? 'read and write' : command);
const audience = ({ roles }: Policy): string => list(roles.map(who));

function newPolicy(policy: Policy): Change {
  const { table, name, permissive } = policy;
  const does = permissive
    ? `lets ${audience(policy)} ${verb(policy)} the rows that it names`
    : `holds ${audience(policy)} to the rows that it names, in what they ${verb(policy)}`;
  return {
    direction: towards(permissive),
    object: table,
    what: `The new ${manner(policy)} policy ${name} ${does}.`,
    after: predicates(policy),
  };
}

function droppedPolicy(policy: Policy): Change {
  return {
    direction: towards(!policy.permissive),
    object: policy.table,
    what: policy.permissive
      ? `The permissive policy ${policy.name} is gone: it no longer lets ${audience(policy)} ${verb(policy)} the rows that it named.`
      : `The restrictive policy ${policy.name} is gone: it no longer holds ${audience(policy)} to the rows that it named.`,
    before: predicates(policy),
  };
}

function predicates({ using, check }: Policy): string {
  return [using === null ? [] : [`using ${using}`], check === null ? [] : [`with check ${check}`]].flat().join(' ');
}

function comparePolicy(before: Policy, after: Policy): Change[] {
  const { table, name, permissive } = after;
  const changes: Change[] = [];
  const add = (direction: Direction, what: string, old: string, now: string) =>
    changes.push({ direction, object: table, what: `The policy ${name} ${what}.`, before: old, after: now });

  if (before.permissive !== permissive) {
    const meaning = permissive ? 'opens rows by itself' : 'only holds back what other policies open';
    add(towards(permissive), `is now ${manner(after)}: it ${meaning}`, manner(before), manner(after));
  }
  if (before.command !== after.command) {
    const direction =
      before.command === 'all' ? towards(!permissive) : after.command === 'all' ? towards(permissive) : 'changed';
    const covers = after.command === 'all' ? 'every command' : after.command;
    add(direction, `is now for ${covers}, no longer for ${before.command}`, before.command, after.command);
  }
  const [was, is] = [before, after].map(({ roles }) => list(roles.toSorted()));
  if (was !== is) {
    add(compareRoles(before, after), `now applies to ${audience(after)} instead of ${audience(before)}`, was!, is!);
  }
  const [used, using] = [before, after].map((policy) => policy.using ?? absent(policy));
  const [checked, checking] = [before, after].map(effectiveCheck);
  if (before.using !== after.using) {
    const direction = comparePredicates(used!, using!);
    if (direction) add(direction, `${lets(direction)} to be seen or touched`, used!, using!);
  }
  // A check that is absent is the predicate above: said once.
  if (checked !== checking && (before.check !== null || after.check !== null)) {
    const direction = comparePredicates(checked!, checking!);
    if (direction) add(direction, `${lets(direction)} to be written`, checked!, checking!);
  }
  return changes;
}

const lets = (direction: Direction): string =>
  ({ widened: 'allows more rows', narrowed: 'allows fewer rows', changed: 'allows other rows' })[direction];

/** What PostgreSQL makes of a predicate that is not there: nothing is let through, nothing is held back. */
const absent = ({ permissive }: Policy): string => (permissive ? 'false' : 'true');

function effectiveCheck(policy: Policy): string {
  const { command, using, check } = policy;
  if (check !== null) return check;
  return (command === 'all' || command === 'update' ? using : null) ?? absent(policy);
}

function compareRoles(before: Policy, after: Policy): Direction {
  const covers = (roles: readonly string[], others: readonly string[]) =>
    roles.includes('public') || others.every((role) => roles.includes(role));
  if (covers(after.roles, before.roles)) return towards(after.permissive);
  return covers(before.roles, after.roles) ? towards(!after.permissive) : 'changed';
}
