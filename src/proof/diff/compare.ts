/** What differs between two states of a database in who may do what, and which way. */
import type { Access } from './access.ts';
import type { Change } from './change.ts';
import { compareFunctions } from './compare-functions.ts';
import { compareGrants } from './compare-grants.ts';
import { compareGuards } from './compare-guards.ts';
import { comparePolicies } from './compare-policies.ts';
import { compareRelations } from './compare-relations.ts';
import { compareDefaults, compareRoles } from './compare-roles.ts';

const order = { widened: 0, changed: 1, narrowed: 2 };

/**
 * Compares them; what opens comes first. Comments decide nothing and are passed over.
 * @param varying functions that are made differently for each version of PostgreSQL: their bodies are passed over
 */
export function compareAccess(from: Access, to: Access, varying: readonly string[] = []): Change[] {
  const [before, after] = [from, to].map((access) => withoutBodies(access, varying)) as [Access, Access];
  return [
    ...compareRoles(before, after),
    ...compareDefaults(before, after),
    ...compareRelations(before, after),
    ...compareGrants(before, after),
    ...comparePolicies(before, after),
    ...compareFunctions(before, after),
    ...compareGuards(before, after),
  ].sort((a, b) => order[a.direction] - order[b.direction]);
}

const withoutBodies = (access: Access, varying: readonly string[]): Access => ({
  ...access,
  functions: access.functions.map((one) =>
    varying.includes(one.name) ? { ...one, body: '', definition: one.definition.replace(one.body, () => '') } : one,
  ),
});
