/** What differs in what refuses or rewrites rows as they are written: constraints, unique indexes, triggers, rules, domains. */
import type { Constraint } from '../catalog.ts';
import type { Access, AccessTrigger } from './access.ts';
import { inBoth, onTable, pair, towards, type Change, type Direction } from './change.ts';
import { comparePredicates } from './implies.ts';

export function compareGuards(from: Access, to: Access): Change[] {
  const kept = inBoth(from, to);
  const of = <Part extends { table: string }>(parts: readonly Part[]) => parts.filter(kept);
  const constraints = pair(of(from.constraints), of(to.constraints), onTable);
  const indexes = pair(of(from.indexes), of(to.indexes), onTable);
  const triggers = pair(of(from.triggers), of(to.triggers), onTable);
  const rules = pair(of(from.rules), of(to.rules), onTable);
  return [
    ...constraints.gone.map((one) =>
      change(
        'widened',
        one.table,
        `The ${one.type} ${one.name} is gone: what it refused is taken.`,
        one.definition,
        undefined,
      ),
    ),
    ...constraints.came.map((one) =>
      change(
        'narrowed',
        one.table,
        `The ${one.type} ${one.name} is new: what it refuses was taken.`,
        undefined,
        one.definition,
      ),
    ),
    ...constraints.both.flatMap(([before, after]) => compareConstraint(before, after)),

    ...indexes.gone.map((one) =>
      change(
        one.unique ? 'widened' : 'changed',
        one.table,
        `The ${indexKind(one)} ${one.name} is gone.`,
        one.definition,
        undefined,
      ),
    ),
    ...indexes.came.map((one) =>
      change(
        one.unique ? 'narrowed' : 'changed',
        one.table,
        `The ${indexKind(one)} ${one.name} is new.`,
        undefined,
        one.definition,
      ),
    ),
    ...differing(indexes.both).map(([before, after]) =>
      change(
        'changed',
        after.table,
        `The ${indexKind(after)} ${after.name} is another.`,
        before.definition,
        after.definition,
      ),
    ),

    ...triggers.gone.map((one) =>
      change(
        'widened',
        one.table,
        `The trigger ${one.name} is gone: what it refused or set is not any more.`,
        one.definition,
        undefined,
      ),
    ),
    ...triggers.came.map((one) =>
      change('changed', one.table, `The trigger ${one.name} is new.`, undefined, one.definition),
    ),
    ...triggers.both.flatMap(([before, after]) => compareTrigger(before, after)),

    ...rules.gone.map((one) =>
      change('changed', one.table, `The rule ${one.name} is gone.`, one.definition, undefined),
    ),
    ...rules.came.map((one) =>
      change(
        'widened',
        one.table,
        `The rule ${one.name} is new: what it does runs with the rights of the table's owner.`,
        undefined,
        one.definition,
      ),
    ),
    ...rules.both
      .filter(([before, after]) => before.definition !== after.definition || before.enabled !== after.enabled)
      .map(([before, after]) =>
        change(
          'changed',
          after.table,
          `The rule ${after.name} does something else.`,
          before.definition,
          after.enabled ? after.definition : 'disabled',
        ),
      ),
    ...compareDomains(from, to),
  ];
}

const change = (direction: Direction, object: string, what: string, before?: string, after?: string): Change => ({
  direction,
  object,
  what,
  ...(before !== undefined && { before }),
  ...(after !== undefined && { after }),
});

const differing = <Part extends { definition: string }>(couples: readonly [Part, Part][]) =>
  couples.filter(([before, after]) => before.definition !== after.definition);

const indexKind = ({ unique }: { unique: boolean }): string => (unique ? 'unique index' : 'index');

function compareConstraint(before: Constraint, after: Constraint): Change[] {
  if (before.definition === after.definition) return [];
  const what = `The ${after.type} ${after.name} is another.`;
  const [old, now] = [before, after].map(({ definition }) => /^CHECK \((.*)\)(.*)$/s.exec(definition));
  // What follows says whether it holds for rows that are there, or at all.
  if (before.type !== 'check' || !old || !now || old[2] !== now[2]) {
    const unheld = / NOT ENFORCED/.test(after.definition) && !/ NOT ENFORCED/.test(before.definition);
    return [change(unheld ? 'widened' : 'changed', after.table, what, before.definition, after.definition)];
  }
  const direction = comparePredicates(old[1]!, now[1]!) ?? 'changed';
  return [change(direction, after.table, what, before.definition, after.definition)];
}

function compareTrigger(before: AccessTrigger, after: AccessTrigger): Change[] {
  const changes: Change[] = [];
  if (before.fires !== after.fires) {
    const [did, does] = [before, after].map(({ fires }) => fires === 'origin' || fires === 'always');
    const direction = did === does ? 'changed' : towards(!does);
    const what = does
      ? `The trigger ${after.name} fires again.`
      : `The trigger ${after.name} fires no more: what it refused or set is not any more.`;
    const otherwise = `The trigger ${after.name} fires in other sessions.`;
    changes.push(change(direction, after.table, did === does ? otherwise : what, before.fires, after.fires));
  }
  if (before.definition !== after.definition) {
    changes.push(
      change('changed', after.table, `The trigger ${after.name} is another.`, before.definition, after.definition),
    );
  }
  return changes;
}

function compareDomains(from: Access, to: Access): Change[] {
  const text = ({ type, notNull, default: value, constraints }: Access['domains'][number]) =>
    [type, value === null ? [] : `default ${value}`, notNull ? 'not null' : [], constraints].flat().join(' ');
  return pair(from.domains, to.domains, ({ name }) => name)
    .both.filter(([before, after]) => text(before) !== text(after))
    .map(([before, after]) =>
      change('changed', after.name, `The domain ${after.name} takes other values.`, text(before), text(after)),
    );
}
