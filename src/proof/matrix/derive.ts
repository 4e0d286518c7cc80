/** What the catalog lets expect of each try, without trying: privileges, whom row-level security binds, what the policies come to. */
import type { Relation } from '../catalog.ts';
import type { Facts } from './facts.ts';
import type { Actor, Command, Outcome } from './outcome.ts';
import { both, type Kind } from './predicate.ts';
import type { Rules } from './rules.ts';
import { viewKind } from './views.ts';

/** An actor, and as which role a relation is used: that of the owner of the view through which it is. */
type Reader = Actor & { as: string };

/** The outcomes that are in accord with the catalog, the likeliest first; null where nobody can: a generated column, a view that is not updatable. */
export function derive(
  facts: Facts,
  rules: Rules,
  actor: Actor,
  relation: Relation,
  command: Command,
  column: string | null,
): Outcome[] | null {
  return deriveAs(facts, rules, { ...actor, as: actor.identity.role }, relation, command, column);
}

function deriveAs(
  facts: Facts,
  rules: Rules,
  actor: Reader,
  relation: Relation,
  command: Command,
  column: string | null,
): Outcome[] | null {
  const { name, kind } = relation;
  const may = (privilege: string) => facts.may(actor.as, name, privilege, column ?? undefined);
  if (relation.kind === 'sequence') return may('usage') || may('update') ? ['allowed'] : ['refused'];
  if (kind === 'materialized view') return may('select') ? ['allowed'] : ['refused'];
  if (isFixed(facts, relation, command, column)) return null;
  if (!may(command)) return ['refused'];
  if (command === 'truncate') return ['allowed'];
  if (kind === 'view') return throughView(facts, rules, actor, relation, command, column);
  const rule = rules.of(actor.as, name, command as 'select');
  if (command === 'insert') return inserted(rule.check, canForge(facts, rules, actor.as, name), actor);
  if (command !== 'update') return reached(rule.using, actor);
  const isKey = rules.keys(name).includes(column!);
  return updated(rule.using, rule.check, isKey ? !rule.checks(column!) : undefined, actor);
}

/** Whether no value can be given to the column, or the view cannot be written to. */
function isFixed(facts: Facts, { name, kind }: Relation, command: Command, column: string | null): boolean {
  const { fixed, updatable, bases, instead } = facts.of(name);
  const bits: Partial<Record<Command, number>> = { update: 4, insert: 8, delete: 16 };
  const bit = bits[command];
  if (bit === undefined) return false;
  if (column !== null && fixed.includes(column)) return true;
  if (kind !== 'view' || instead) return false;
  if ((updatable & bit) === 0) return true;
  const base = facts.relation(bases[0]!.name);
  return base.columns.some((its) => its.name === column) && isFixed(facts, base, command, column);
}

/** Whether the role can say in whose name a row is made: it may set a column that says so, or there is none. */
export function canForge(
  facts: Facts,
  rules: Rules,
  role: string,
  relation: string,
  keys = rules.keys(relation),
): boolean {
  return keys.length === 0 || keys.some((key) => facts.may(role, relation, 'insert', key));
}

/**
 * A user is expected to find rows of their own, and who looks across users, those of all. Of any other who is no user, a condition is only
 * expected not to let all rows through.
 */
function reached(using: Kind, { kind }: Actor): Outcome[] {
  const outcomes: Record<Kind, Outcome[]> = {
    all: ['allowed'],
    none: ['filtered'],
    row: rowsOf(kind),
    claim: kind === 'user' ? ['allowed', 'filtered'] : ['filtered', 'allowed', 'refused'],
    helper: kind === 'user' ? ['filtered'] : ['filtered', 'refused'],
  };
  return outcomes[using];
}

function rowsOf(kind: Actor['kind']): Outcome[] {
  if (kind === 'user') return ['own rows'];
  return kind === 'inspector' ? ['allowed', 'own rows', 'filtered', 'refused'] : ['filtered', 'own rows', 'refused'];
}

function inserted(check: Kind, forge: boolean, { kind }: Actor): Outcome[] {
  const free: Outcome = forge ? 'allowed' : 'own rows';
  const outcomes: Record<Kind, Outcome[]> = {
    all: [free],
    none: ['refused'],
    row: kind === 'user' ? ['own rows'] : ['refused', 'own rows'],
    claim: kind === 'user' ? [free, 'refused'] : ['refused', free],
    helper: ['refused'],
  };
  return outcomes[check];
}

/** @param open of a column that says whose a row is: whether the check does not look at it; otherwise undefined */
function updated(using: Kind, check: Kind, open: boolean | undefined, actor: Actor): Outcome[] {
  if (using === 'none') return ['filtered'];
  if (check === 'none') return actor.kind === 'user' ? ['refused'] : ['refused', 'filtered'];
  if (using === 'all' || using === 'claim') {
    // All rows are reached, and only what is written is looked at: the owner can be written too, so that the row becomes one's own.
    const takenOver: Outcome = open === undefined ? 'own rows' : 'allowed';
    if (check === 'row') return actor.kind === 'user' ? [takenOver] : ['refused', 'filtered', 'own rows', 'allowed'];
    return reached(both([using, check]), actor);
  }
  if (using === 'helper' || check === 'helper') return reached('helper', actor);
  if (actor.kind === 'user') return open === true ? ['allowed'] : ['own rows'];
  return open === true ? ['filtered', 'own rows', 'refused', 'allowed'] : ['filtered', 'own rows', 'refused'];
}

/** A view answers with the rights of its owner, or with those of the caller when it is `security_invoker`; and it may choose rows itself. */
function throughView(
  facts: Facts,
  rules: Rules,
  actor: Reader,
  view: Relation,
  command: Command,
  column: string | null,
): Outcome[] | null {
  const isInvoker = view.options.some((option) => /^security_invoker=(true|on|yes|1)$/i.test(option));
  const through: Reader = { ...actor, as: isInvoker ? actor.as : view.owner };
  const { bases, instead } = facts.of(view.name);
  if (command === 'select') {
    const parts = bases.map(({ name, columns }) => {
      const base = facts.relation(name);
      // Counting rows needs a privilege for one column of whatever name.
      const asked = columns.length > 0 ? columns : [base.columns[0]?.name ?? null];
      return asked.map((used) => deriveAs(facts, rules, through, base, 'select', used) ?? ['refused' as const]);
    });
    return joined(parts.flat(), viewKind(view), actor);
  }
  // What stands in for the write may do anything.
  if (instead || bases.length !== 1) return [...anything];
  const base = facts.relation(bases[0]!.name);
  const named = base.columns.some(({ name }) => name === column) ? column : null;
  if (column !== null && named === null) return [...anything];
  return deriveAs(facts, rules, through, base, command, named);
}

const anything: readonly Outcome[] = ['allowed', 'own rows', 'filtered', 'refused'];

/** What is left of rows that come from several relations and a condition of the view's own. */
function joined(parts: Outcome[][], own: Kind, actor: Actor): Outcome[] {
  const first = parts.map(([likeliest]) => likeliest!);
  if (first.includes('refused')) return ['refused'];
  const strictest = parts.find(([likeliest]) => likeliest === 'filtered') ?? parts.find(([one]) => one === 'own rows');
  if (strictest === undefined) return own === 'row' ? reached('row', actor) : ['allowed'];
  return strictest[0] === 'own rows' || actor.kind !== 'user' ? strictest : [...new Set([...strictest, ...first])];
}
