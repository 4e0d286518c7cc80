/** Mutants of what else isolation rests on: defaults, triggers, keys, views. */
import type { Catalog, Constraint } from '../catalog.ts';
import { quoted, type Mutant } from './mutant.ts';

/** Defaults that call a function, such as the one that says whose a new row is, dropped. */
export const defaultMutants = ({ relations, functions }: Catalog): Mutant[] =>
  relations.flatMap(({ name: table, columns }) =>
    columns
      .filter(
        (column) =>
          !column.generated &&
          functions.some(({ name }) => column.default?.includes(`${name.slice(0, name.indexOf('('))}(`)),
      )
      .map((column) => ({
        id: `${table}.${column.name}: default dropped`,
        object: table,
        command: 'default',
        sql: `alter table ${table} alter column ${quoted(column.name)} drop default;`,
        scene: 'a row that does not say it gets the value (results_eq on insert … returning)',
      })),
  );

/** Triggers, dropped. */
export const triggerMutants = ({ triggers }: Catalog): Mutant[] =>
  triggers.map(({ table, name, function: called }) => ({
    id: `${table} ${name}: trigger dropped`,
    object: table,
    command: 'trigger',
    sql: `drop trigger ${quoted(name)} on ${table};`,
    scene: `what ${called} does, or the list of triggers (triggers_are)`,
  }));

/** Composite keys without their first column, and foreign keys dropped. */
export const keyMutants = ({ constraints, indexes }: Catalog): Mutant[] => [
  ...constraints.flatMap((constraint) => {
    const { table, name, type } = constraint;
    const mutant = (what: string, sql: string, scene: string): Mutant => ({
      id: `${table} ${name}: ${what}`,
      object: table,
      command: 'key',
      sql,
      scene,
    });
    const drop = `alter table ${table} drop constraint ${quoted(name)} cascade;`;
    if (type === 'foreign key') {
      return mutant(
        'dropped',
        drop,
        'a row whose reference leads nowhere is refused (throws_ok, 23503), or the constraint is there (fk_ok)',
      );
    }
    if ((type !== 'primary key' && type !== 'unique') || constraint.columns.length < 2) return [];
    const simple = simplified(constraint);
    return mutant(
      `${type} (${simple.join(', ')})`,
      `${drop}\nalter table ${table} add constraint ${quoted(name)} ${type} (${simple.join(', ')});`,
      'what one user has taken is free for another (lives_ok)',
    );
  }),
  ...indexes
    .filter(({ unique }) => unique)
    .map(({ table, name }) => ({
      id: `${table} ${name}: dropped`,
      object: table,
      command: 'key',
      sql: `drop index ${name};`,
      scene: 'a second one of its kind is refused (throws_ok, 23505)',
    })),
];

const simplified = ({ columns }: Constraint): string[] => columns.slice(1).map(quoted);

/** Views that look with their owner's eyes. */
export const viewMutants = ({ relations }: Catalog): Mutant[] =>
  relations.flatMap(({ name, kind, options }) =>
    ['security_invoker', 'security_barrier']
      .filter(
        (option) =>
          kind === 'view' && options.some((set) => set.startsWith(`${option}=`) && !/=(false|off|0|no)$/.test(set)),
      )
      .map((option) => ({
        id: `${name}: ${option} off`,
        object: name,
        command: 'view',
        sql: `alter view ${name} reset (${option});`,
        scene: "through the view another user sees nothing of the owner's",
      })),
  );
