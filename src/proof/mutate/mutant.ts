/** A mutant: one deliberate fault in what isolation rests on, which a suite of tests ought to notice. */
import type { Policy, Relation } from '../catalog.ts';
import { printExpression } from '../expression.ts';

export type Mutant = {
  /** Says what it is and stays the same from run to run: `app_public.tasks select_owner: using true`. */
  id: string;
  /** Where it counts: a table, a function or a schema. */
  object: string;
  /** And the command that it is about: `select`, …, or a word such as `grant`, `key`. */
  command: string;
  /** SQL that makes the fault. */
  sql: string;
  /** A test that would notice, in words. */
  scene: string;
  /** Why no test can notice it, where that is known beforehand. */
  equivalent?: string;
};

/** A name that is quoted where it must be, keywords too, such as `format('%I')` gives it. */
export const quoted = (name: string): string =>
  printExpression({ ColumnRef: { fields: [{ String: { sval: name } }] } });

/** The roles of a policy, as SQL. */
export const rolesOf = ({ roles }: Policy): string =>
  roles.map((role) => (role === 'public' ? role : quoted(role))).join(', ');

/** `drop policy` and `create policy`, with parts of it changed: `alter policy` can change neither command nor kind. */
export function recreate(policy: Policy, change: Partial<Policy>): string {
  const { table, name, command, permissive, using, check, ...rest } = { ...policy, ...change };
  return [
    `drop policy ${quoted(name)} on ${table};`,
    `create policy ${quoted(name)} on ${table} as ${permissive ? 'permissive' : 'restrictive'} for ${command} to ${rolesOf({ ...policy, ...rest })}${using === null ? '' : ` using (${using})`}${check === null ? '' : ` with check (${check})`};`,
  ].join('\n');
}

/** The relation of that name. */
export const relationNamed = (relations: readonly Relation[], name: string): Relation =>
  relations.find((relation) => relation.name === name)!;
