/** What is told while it happens: somebody listens while bob is busy, and then alice. Of bob's changes not one byte may be told. */
import { setTimeout as sleep } from 'node:timers/promises';
import { getNamedType, type GraphQLField, type GraphQLSchema, isCompositeType } from 'graphql';
import { openSocket } from '../../support/requests.ts';
import { baseOf, shapeOf } from './inputs.ts';
import { normalise } from './normalise.ts';
import { alicesId } from './rows.ts';
import { finish, newDraft, selectAll, variable } from './selections.ts';
import { type Cover, graphql, type Provenance, type Request, send, tokenOf } from './send.ts';
import type { Values } from './values.ts';
import { canariesIn, differenceOf, type Finding } from './walk.ts';
import type { World } from './worlds.ts';

/** A way in which alice is told of changes. */
export type Listener = {
  label: string;
  /** What of the API it reaches, as coverage names it. */
  covers: Cover[];
  /** Begins to listen in a world. What has been told is one text. */
  listen(world: World): Promise<{ told(): string; stop(): Promise<void> }>;
};

export type Heard = {
  findings: Finding[];
  /** What alice was told where bob has never been. */
  told: string;
};

/** Bob's own, and the one that alice will use too. */
const ids = { bobs: 'b0b00000-0000-7000-8000-0000000000ff', both: alicesId(99) };

/** Listens in all worlds at once while things happen there. */
export async function hear(worlds: readonly World[], { label, listen }: Listener, since: number): Promise<Heard> {
  const told = await Promise.all(
    worlds.map(async (world) => {
      const listener = await listen(world);
      try {
        await isListening(world, () => listener.told() !== '');
        await happen(world);
      } finally {
        await listener.stop();
        await world.restore();
      }
      return normalise({ status: 0, headers: [], body: listener.told() }, since).body;
    }),
  );
  const findings = told.flatMap((text, index): Finding[] => {
    const difference = differenceOf(told[0]!, text);
    const world = `"${worlds[index]!.name}"`;
    return [
      ...(difference ? [['difference', `"${worlds[0]!.name}" | ${world}\n${difference}`] as const] : []),
      // Nothing that alice brought herself: whom she asks to be told of is no reason to be told of bob.
      ...canariesIn(text).map((canary) => ['canary', `${canary} in ${world}`] as const),
    ].map(([kind, found]) => ({ kind, actor: 'alice', label, text: found }));
  });
  return { findings, told: told[0]! };
}

/** Every subscription of the schema, over WebSockets; with arguments three times: with what is hers, what is bob's, and garbage. */
export function subscriptionsOf(schema: GraphQLSchema, values: Values): Listener[] {
  return Object.values(schema.getSubscriptionType()?.getFields() ?? {}).flatMap((field) =>
    (field.args.length > 0 ? (['own', 'foreign', 'garbage'] as const) : (['own'] as const)).map((from) =>
      subscription(schema, values, field, from),
    ),
  );
}

function subscription(
  schema: GraphQLSchema,
  values: Values,
  field: GraphQLField<unknown, unknown>,
  from: Provenance,
): Listener {
  const root = schema.getSubscriptionType()!;
  const draft = newDraft();
  const passed = field.args.map((argument) => {
    const type = getNamedType(argument.type).name;
    const [drawn] = values.draw(from, type, [argument.name], 1);
    draft.covers.push({ what: `argument ${root.name}.${field.name}(${argument.name})`, from });
    return `${argument.name}: ${variable(draft, argument, drawn ?? baseOf(shapeOf(argument.type), [argument.name], values))}`;
  });
  const inner = getNamedType(field.type);
  const selection = isCompositeType(inner) ? ` { ${selectAll({ schema, values, draft }, inner, 2)} }` : '';
  draft.covers.push({ what: `field ${root.name}.${field.name}`, from });
  const call = `${field.name}${passed.length > 0 ? `(${passed.join(', ')})` : ''}${selection}`;
  return {
    label: `subscription ${field.name}${passed.length > 0 ? ` ${from}` : ''}`,
    covers: draft.covers,
    async listen(world) {
      const heard: string[] = [];
      const keep = (message: unknown) => void heard.push(JSON.stringify(message));
      const client = openSocket(world.url, tokenOf('alice')!);
      client.subscribe(finish(draft, 'subscription', call), { next: keep, error: keep, complete: () => {} });
      return { told: () => heard.join('\n'), stop: async () => client.dispose() };
    },
  };
}

/** The stream of server-sent events, from now on or since something that was told before. */
export const events = (last?: string): Listener => ({
  label: `events${last === undefined ? '' : ` since ${last}`}`,
  covers: [],
  async listen(world) {
    const abort = new AbortController();
    const response = await fetch(`${world.url}/api/v1/tasks/events`, {
      headers: { authorization: `Bearer ${tokenOf('alice')}`, ...(last !== undefined && { 'last-event-id': last }) },
      signal: abort.signal,
    });
    let text = '';
    const reading = (async () => {
      for await (const part of response.body!.pipeThrough(new TextDecoderStream())) text += part;
    })().catch(() => {});
    return {
      // A sign of life comes by the clock.
      told: () => text.replaceAll(': \n\n', ''),
      async stop() {
        abort.abort();
        await reading;
      },
    };
  },
});

/** How often what was told names alice's task. */
export const changesIn = (told: string): number => told.split(`"id":"${ids.both}"`).length - 1;

/** Everything that can happen to a task, under a title that is nobody's yet. The same words for both people: only the person differs. */
const life = (id: string): Request[] =>
  [
    'mutation ($id: UUID!) { createTask(input: { task: { id: $id, title: "Weed the paths" } }) { clientMutationId } }',
    'mutation ($id: UUID!) { completeTask(input: { id: $id }) { clientMutationId } }',
    'mutation ($id: UUID!) { trashTask(input: { id: $id }) { clientMutationId } }',
    'mutation ($id: UUID!) { deleteTask(input: { id: $id }) { clientMutationId } }',
  ].map((query) => ({ label: '', isWrite: true, ...graphql(query, { id }), covers: [] }));

/** Where bob is, he is busy, with a task of his own and one under the id that alice will use; then alice is, in every world. */
async function happen(world: World): Promise<void> {
  const does = async (who: string, request: Request) => {
    const { body } = await send(world, who, request, who);
    if (body.includes('errors')) throw new Error(`What ${who} does is refused: ${body}`);
  };
  if (world.name !== 'alone') {
    for (const request of [ids.bobs, ids.both].flatMap(life)) await does('bob', request);
  }
  // One at a time, so that what is told of it is how it then was.
  for (const request of life(ids.both)) {
    await does('alice', request);
    await sleep(200);
  }
}

/** Until somebody listens in that world, or was told at once, as who is refused. */
async function isListening(world: World, isTold: () => boolean): Promise<void> {
  for (const end = Date.now() + 5_000; Date.now() < end; await sleep(20)) {
    const { rows } = await world.admin.query(
      `select from pg_locks join pg_database as own on own.oid = pg_locks.database
       where locktype = 'advisory' and own.datname = current_database()`,
    );
    if (rows.length > 0 || isTold()) return void (await sleep(200));
  }
  throw new Error(`Nobody listens in the world "${world.name}".`);
}
