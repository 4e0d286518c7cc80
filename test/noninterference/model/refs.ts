/** How commands name tasks before it is known which there are: the third of one's own, the first of bob's, one of the ids that everybody chooses from. */
import fc from 'fast-check';
import { type User, users, type World } from './model.ts';
import type { Ref } from './transitions.ts';

/** Ids that clients choose: few, so that they meet; the same for everybody. */
export const chosenIds = [1, 2, 3, 4].map((number) => `c0000000-0000-4000-8000-00000000000${number}`);
const missingId = '01890000-0000-7000-8000-000000000000';

export type Pointer = {
  to: 'own' | 'others' | 'chosen' | 'missing';
  /** Which of them, counted round. */
  nth: number;
  version: 'any' | 'present' | 'past' | 'future';
};

/** Mostly one's own, at any version. */
export const pointer: fc.Arbitrary<Pointer> = fc.record({
  to: fc.oneof(
    { weight: 12, arbitrary: fc.constant('own' as const) },
    { weight: 4, arbitrary: fc.constant('others' as const) },
    { weight: 2, arbitrary: fc.constant('chosen' as const) },
    { weight: 1, arbitrary: fc.constant('missing' as const) },
  ),
  nth: fc.nat(11),
  version: fc.oneof(
    { weight: 6, arbitrary: fc.constant('any' as const) },
    { weight: 3, arbitrary: fc.constant('present' as const) },
    { weight: 3, arbitrary: fc.constant('past' as const) },
    { weight: 2, arbitrary: fc.constant('future' as const) },
  ),
});

/** The id, and the version that is named: of the person's own task or, when there is none, of another's with that id. */
export function resolve(world: World, who: User, { to, nth, version }: Pointer): Ref {
  const id = idOf(world, who, to, nth);
  if (version === 'any') return { id };
  const present =
    world.get(who)!.tasks.get(id)?.version ??
    users.flatMap((user) => world.get(user)!.tasks.get(id)?.version ?? [])[0] ??
    1;
  return { id, ifVersion: { present, past: present - 1, future: present + 1 }[version] };
}

function idOf(world: World, who: User, to: Pointer['to'], nth: number): string {
  const ids = {
    own: () => [...world.get(who)!.tasks.keys()],
    others: () => users.filter((user) => user !== who).flatMap((user) => [...world.get(user)!.tasks.keys()]),
    chosen: () => chosenIds,
    missing: () => [missingId],
  }[to]();
  return ids[nth % ids.length] ?? missingId;
}
