/** A sequence while it runs: the model, the server, and a record of every call, so that a person can repeat them. */
import type pg from 'pg';
import { type Client, type GraphQLCall, type RestCall, wire } from './client.ts';
import { difference } from './look.ts';
import { agrees, newWorld, type Outcome, type Person, remember, type Token, type User, type World } from './model.ts';
import type { Kind, Plan, Step } from './step.ts';

export type Door = 'graphql' | 'rest';

export type Game = {
  world: World;
  client: Client;
  /** Sees everything. */
  admin: pg.Client;
  /** The calls so far, and what they answered. */
  calls: string[];
  /** How often each kind was done, and with which code, through which door. */
  done: Map<string, number>;
};

/** What one person is about to do. */
export type Move = { kind: Kind; plan: Plan; token: Token; door: Door };

export const newGame = (around: Pick<Game, 'client' | 'admin' | 'done'>): Game => ({
  world: newWorld(),
  calls: [],
  ...around,
});

/** Does one thing, and gives what it answered. `at` stands before the call in the record. */
export async function send(game: Game, who: User, move: Move, step: Step, at = ''): Promise<Outcome> {
  const { token } = move;
  const { call, text } = chosen(move, step);
  const place = game.calls.push(`${at}${who} (${token}): ${text}`) - 1;
  const seen = await ('document' in call ? game.client.graphql(who, token, call) : game.client.rest(who, token, call));
  const answer = seen.code ? `${seen.code} ${JSON.stringify(seen.details ?? '')}` : `ok ${brief(seen)}`;
  game.calls[place] += `\n    → ${answer}`;
  const counted = `${move.kind.name}, ${'document' in call ? 'GraphQL' : 'REST'}, ${seen.code ?? 'done'}`;
  game.done.set(counted, (game.done.get(counted) ?? 0) + 1);
  return seen;
}

function chosen({ door }: Move, { graphql, rest }: Step): { call: GraphQLCall | RestCall; text: string } {
  if (door === 'rest' && rest) {
    const tag = rest.ifVersion === undefined ? '' : ` If-Match: "${rest.ifVersion}"`;
    return {
      call: rest,
      text: `${rest.method} /api/v1${rest.path}${tag} ${rest.body ? JSON.stringify(rest.body) : ''}`,
    };
  }
  const document = graphql.document
    .replace(wire, '')
    .replaceAll('...Wire', 'id version')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return { call: graphql, text: `${document} ${graphql.variables ? JSON.stringify(graphql.variables) : ''}` };
}

const brief = ({ tasks, value }: Outcome): string =>
  [
    ...(tasks ? [`[${tasks.map(({ id, version }) => `${id} v${version}`).join(', ')}]`] : []),
    ...(value === undefined ? [] : [JSON.stringify(value)]),
  ].join(' ');

/** The person after it, when what was answered is what the model expects. */
export function settle(person: Person, step: Step, seen: Outcome): Person {
  const [after, expected] = step.transition(person, seen);
  if (!agrees(expected, seen)) throw new Error(difference('The answer', expected, seen));
  return remember(after, seen.tasks ?? []);
}
