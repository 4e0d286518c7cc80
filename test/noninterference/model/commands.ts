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

/** One person does one thing. */
const alone = fc.record({ who: user, move: moves(kinds), watch: door }).map(({ who, move, watch }) =>
  command(`${who}: ${move.kind.name}`, async (game) => {
    const step = move.plan(game.world, who, move.token);

    const seen = await send(game, who, move, step);

    game.world.set(who, settle(game.world.get(who)!, step, seen));
    await look(game);
    if (game.calls.length % readEvery === 0) await lookThrough(game, watch);
  }),
);

/** Each does one thing, all at the same time: none is to notice the others. */
const together = fc
  .record({ alice: moves(kinds), bob: moves(kinds), mallory: moves(kinds), watch: door }, { requiredKeys: ['watch'] })
  .map(({ watch, ...each }) =>
    command(`together: ${Object.keys(each).join(', ')}`, async (game) => {
      const doing = Object.entries(each).map(([name, move]) => {
        const who = name as User;
        return { who, move, step: move.plan(game.world, who, move.token) };
      });

      const answers = await Promise.all(doing.map(({ who, move, step }) => send(game, who, move, step, '(together) ')));

      for (const [place, { who, step }] of doing.entries())
        game.world.set(who, settle(game.world.get(who)!, step, answers[place]!));
      await look(game);
      if (game.calls.length % readEvery < doing.length) await lookThrough(game, watch);
    }),
  );

/** What may be done twice at once, and has to come out as if one had been done after the other. */
const racing = kinds.filter(({ races }) => races);

type Run = { step: Step; seen: Outcome };

/** One person does two things at once. They meet more often when both are about the same task, so the second may be the first again. */
const race = fc
  .record({ who: user, one: moves(racing), other: fc.option(moves(racing), { freq: 1 }) })
  .map(({ who, one, other }) =>
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

/** Any command; most are of one person alone. */
export const anyCommand: fc.Arbitrary<Command> = fc.oneof(
  { weight: 8, arbitrary: alone },
  { weight: 1, arbitrary: together },
  { weight: 1, arbitrary: race },
);

/** Mostly two things at once. */
export const mostlyRaces: fc.Arbitrary<Command> = fc.oneof(
  { weight: 1, arbitrary: alone },
  { weight: 3, arbitrary: race },
);
