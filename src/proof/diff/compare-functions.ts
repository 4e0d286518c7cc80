/** What differs in the functions: whose rights they run with, where they look names up, what they do. */
import { mainOwner, type Access, type AccessFunction } from './access.ts';
import { list, pair, towards, type Change, type Direction } from './change.ts';

export function compareFunctions(from: Access, to: Access): Change[] {
  const { gone, came, both } = pair(from.functions, to.functions, ({ name }) => name);
  return [
    ...gone.map(({ name, kind }): Change => ({
      direction: 'narrowed',
      object: name,
      what: `The ${kind} ${name} is gone.`,
    })),
    ...came.map(newFunction),
    ...both.flatMap(([before, after]) => compareFunction(before, after, from, to)),
  ];
}

function newFunction({ name, kind, definer }: AccessFunction): Change {
  const rights = definer ? ', and runs with the rights of its owner' : '';
  return { direction: definer ? 'widened' : 'changed', object: name, what: `The ${kind} ${name} is new${rights}.` };
}

function compareFunction(before: AccessFunction, after: AccessFunction, from: Access, to: Access): Change[] {
  const { name } = after;
  const changes: Change[] = [];
  const add = (direction: Direction, what: string, old?: string, now?: string) =>
    changes.push({
      direction,
      object: name,
      what: `${name} ${what}.`,
      ...(old !== undefined && { before: old }),
      ...(now !== undefined && { after: now }),
    });

  if (before.definer !== after.definer) {
    const whose = after.definer ? 'its owner, whoever calls it' : 'who calls it';
    add(towards(after.definer), `now runs with the rights of ${whose}`);
  }
  const [path, newPath] = [before, after].map(searchPath);
  if (path !== newPath) {
    const direction = newPath === undefined ? 'widened' : path === undefined ? 'narrowed' : 'changed';
    const what =
      newPath === undefined
        ? 'looks names up where its caller says: its search path is pinned no more'
        : 'looks names up elsewhere';
    add(direction, what, path ?? 'not pinned', newPath ?? 'not pinned');
  }
  const [settings, newSettings] = [before, after].map(otherSettings);
  if (settings !== newSettings) add('changed', 'runs with other settings', settings, newSettings);
  if (before.leakproof !== after.leakproof) {
    const may = after.leakproof
      ? 'may now look at rows before the policies have decided: it is said to be leakproof'
      : 'is no longer leakproof';
    add(towards(after.leakproof), may);
  }
  if (before.volatility !== after.volatility) {
    add(
      'changed',
      `is now ${after.volatility}, no longer ${before.volatility}${used(after, to)}`,
      before.volatility,
      after.volatility,
    );
  }
  if (before.body !== after.body)
    add('changed', `does something else${used(after, to)}`, before.body.trim(), after.body.trim());
  const [owner, newOwner] = [
    before.owner === mainOwner(from) ? 'the usual owner' : before.owner,
    after.owner === mainOwner(to) ? 'the usual owner' : after.owner,
  ];
  if (owner !== newOwner) {
    const runs = after.definer ? ', and runs with their rights' : '';
    add(newOwner === 'the usual owner' ? 'narrowed' : 'widened', `now belongs to ${newOwner}${runs}`, owner, newOwner);
  }
  // What has no line of its own above: its language, whether null is passed to it, the names of its arguments.
  if (changes.length === 0 && before.definition !== after.definition) {
    add('changed', `is declared otherwise${used(after, to)}`, headOf(before), headOf(after));
  }
  return changes;
}

const searchPath = ({ settings }: AccessFunction): string | undefined =>
  settings.find((setting) => setting.startsWith('search_path='));

const otherSettings = ({ settings }: AccessFunction): string =>
  settings
    .filter((setting) => !setting.startsWith('search_path='))
    .toSorted()
    .join(', ') || 'none';

const headOf = ({ definition, body }: AccessFunction): string => definition.replace(body, () => '…').trim();

/** Where the function decides: in policies, in defaults, in triggers. */
function used({ name }: AccessFunction, { policies, relations, triggers }: Access): string {
  const call = name.slice(0, name.indexOf('(') + 1);
  const tables = [
    ...policies
      .filter(({ using, check }) => `${using} ${check}`.includes(call))
      .map(({ table }) => `the policies of ${table}`),
    ...relations
      .filter(({ columns }) => columns.some((column) => column.default?.includes(call)))
      .map((relation) => `defaults of ${relation.name}`),
    ...triggers
      .filter((trigger) => trigger.function === name || trigger.definition.includes(call))
      .map(({ table }) => `triggers of ${table}`),
  ];
  return tables.length === 0 ? '' : `; it decides in ${list([...new Set(tables)])}`;
}
