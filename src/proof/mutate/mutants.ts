/** All mutants of a schema. */
import type { Catalog } from '../catalog.ts';
import { functionMutants } from './functions.ts';
import { grantMutants } from './grants.ts';
import type { Mutant } from './mutant.ts';
import { defaultMutants, keyMutants, triggerMutants, viewMutants } from './objects.ts';
import { policyMutants, switchMutants } from './policies.ts';

/**
 * The mutants, in an order that depends on the catalog alone.
 * @param visitors the roles that requests run as, and those that look
 * @param sub the subject of some user
 */
export function mutantsOf(catalog: Catalog, visitors: readonly string[], sub: string): Mutant[] {
  return numbered([
    ...policyMutants(catalog),
    ...switchMutants(catalog),
    ...grantMutants(catalog, visitors),
    ...functionMutants(catalog, sub),
    ...defaultMutants(catalog),
    ...triggerMutants(catalog),
    ...keyMutants(catalog),
    ...viewMutants(catalog),
  ]);
}

/** A predicate may say the same in two places: the second gets a number, because results are known by the id. */
function numbered(mutants: readonly Mutant[]): Mutant[] {
  const times = new Map<string, number>();
  return mutants.map((mutant) => {
    const time = (times.get(mutant.id) ?? 0) + 1;
    times.set(mutant.id, time);
    return time === 1 ? mutant : { ...mutant, id: `${mutant.id} (${time})` };
  });
}
