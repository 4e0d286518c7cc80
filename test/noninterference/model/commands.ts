/** Commands for fast-check: one person does something; several do, at the same time; one does two things at once. */
import fc from 'fast-check';
import { kinds } from './commands/index.ts';
import { type Door, type Game, type Move, send, settle } from './game.ts';
import { look, lookThrough, matched, readAll, type Rows } from './look.ts';
import { agrees, type Outcome, type Person, remember, type User, users } from './model.ts';
import type { Kind, Step } from './step.ts';

export type Command = fc.AsyncCommand<object, Game>;

/** Once in so many calls everybody reads what they have. */
const readEvery = 24;

const token = fc.oneof(
  { weight: 3, arbitrary: fc.constant('early' as const) },
  { weight: 2, arbitrary: fc.constant('late' as const) },
);
const door: fc.Arbitrary<Door> = fc.constantFrom('graphql', 'rest');
const user = fc.constantFrom(...users);

const moves = (some: readonly Kind[]): fc.Arbitrary<Move> =>
  fc
    .record({
      what: fc.oneof(
        ...some.map((kind) => ({ weight: kind.weight, arbitrary: kind.plans.map((plan) => ({ kind, plan })) })),
      ),
      token,
      door,
    })
    .map(({ what, ...rest }) => ({ ...what, ...rest }));

const command = (name: string, run: (game: Game) => Promise<void>): Command => ({
  check: () => true,
  run: (_model, game) => run(game),
  toString: () => name,
});

/** One person does one thing, and now and then the same again. */
const alone = (some: readonly Kind[]) =>
  fc
    .record({
      who: user,
      move: moves(some),
      watch: door,
      times: fc.oneof({ weight: 5, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constant(2) }),
    })
    .map(({ who, move, watch, times }) =>
      command(`${who}: ${move.kind.name}`, async (game) => {
        for (let time = 1; time <= times; time += 1) {
          const step = move.plan(game.world, who, move.token);

          const seen = await send(game, who, move, step);

          game.world.set(who, settle(game.world.get(who)!, step, seen));
          await look(game);
        }
        if (game.calls.length % readEvery === 0) await lookThrough(game, watch);
      }),
    );

/** Each does one thing, all at the same time: none is to notice the others. */
const together = (some: readonly Kind[]) =>
  fc
    .record({ alice: moves(some), bob: moves(some), mallory: moves(some), watch: door }, { requiredKeys: ['watch'] })
    .map(({ watch, ...each }) =>
      command(`together: ${Object.keys(each).join(', ')}`, async (game) => {
        const doing = Object.entries(each).map(([name, move]) => {
          const who = name as User;
          return { who, move, step: move.plan(game.world, who, move.token) };
        });

        const answers = await Promise.all(
          doing.map(({ who, move, step }) => send(game, who, move, step, '(together) ')),
        );

        for (const [place, { who, step }] of doing.entries())
          game.world.set(who, settle(game.world.get(who)!, step, answers[place]!));
        await look(game);
        if (game.calls.length % readEvery < doing.length) await lookThrough(game, watch);
      }),
    );

type Run = { step: Step; seen: Outcome };

/** One person does two things at once. They meet more often when both are about the same task, so the second may be the first again. */
const race = (some: readonly Kind[]) =>
  fc.record({ who: user, one: moves(some), other: fc.option(moves(some), { freq: 1 }) }).map(({ who, one, other }) =>
    command(`${who} at once: ${one.kind.name}, ${(other ?? one).kind.name}`, async (game) => {
      const before = game.world.get(who)!;
      const both = [one, other ?? one].map((move) => ({ move, step: move.plan(game.world, who, move.token) }));

      const answers = await Promise.all(both.map(({ move, step }) => send(game, who, move, step, '(at once) ')));
      const rows = await readAll(game.admin);

      const runs = both.map(({ step }, place): Run => ({ step, seen: answers[place]! }));
      const after = inTurn(before, runs, rows) ?? inTurn(before, runs.toReversed(), rows);
      if (!after) throw new Error(`Neither order gives these answers and then\n${JSON.stringify(rows)}`);
      game.world.set(who, after);
      await look(game);
    }),
  );

/** The person after both, one after the other; undefined when that gives other answers, or another end, than what was seen. */
function inTurn(before: Person, runs: readonly Run[], rows: Rows): Person | undefined {
  let person = before;
  for (const { step, seen } of runs) {
    const [after, expected] = step.transition(person, seen);
    if (!agrees(expected, seen)) return undefined;
    person = remember(after, seen.tasks ?? []);
  }
  try {
    return matched(person, rows);
  } catch {
    return undefined;
  }
}

export type Commands = {
  /** The names of what is done, beside creating; without them, everything there is. */
  among?: readonly string[];
  /** Mostly two things at once; otherwise most are of one person alone. */
  races?: boolean;
};

/** Any command of those. */
export function anyCommand({ among, races }: Commands): fc.Arbitrary<Command> {
  const some = kinds.filter(({ name }) => name === 'create' || !among || among.includes(name));
  const weights = races ? { alone: 1, together: 0, race: 3 } : { alone: 8, together: 1, race: 1 };
  return fc.oneof(
    { weight: weights.alone, arbitrary: alone(some) },
    { weight: weights.together, arbitrary: together(some) },
    // What may be done twice at once, and has to come out as if one had been done after the other.
    { weight: weights.race, arbitrary: race(some.filter((kind) => kind.races)) },
  );
}
