/** What is told while it happens, over WebSockets and as server-sent events: alice's own changes, and of bob's not one byte. C-29, C-31, T-03 */
import { setTimeout as sleep } from 'node:timers/promises';
import { getNamedType, isCompositeType } from 'graphql';
import { createApp } from '../../src/app.ts';
import { openSocket } from '../support/requests.ts';
import { baseOf, shapeOf } from './inputs.ts';
import { normalise } from './normalise.ts';
import { alicesId, canaries } from './rows.ts';
import { finish, newDraft, selectAll, variable } from './selections.ts';
import { graphql, type Request, send, tokenOf } from './send.ts';
import { readValues, schemaOf } from './walk.ts';
import { openWorlds, type World } from './worlds.ts';

const since = Date.now();
let worlds: World[] = [];

beforeAll(async () => {
  worlds = await openWorlds(createApp, ['alone', 'crowded']);
}, 60_000);
afterEach(() => Promise.all(worlds.map((world) => world.restore())));
afterAll(() => Promise.all(worlds.map((world) => world.end())));

const change = (query: string, variables: object): Request => ({
  label: '',
  isWrite: true,
  ...graphql(query, variables),
  covers: [],
});

/** Everything that can happen to a task, to one of that id. The same words for both people: only the person differs. */
const life = (id: string): Request[] => [
  change(
    'mutation ($id: UUID!) { createTask(input: { task: { id: $id, title: "Plant a hedge" } }) { clientMutationId } }',
    { id },
  ),
  change('mutation ($id: UUID!) { completeTask(input: { id: $id }) { clientMutationId } }', { id }),
  change('mutation ($id: UUID!) { trashTask(input: { id: $id }) { clientMutationId } }', { id }),
  change('mutation ($id: UUID!) { deleteTask(input: { id: $id }) { clientMutationId } }', { id }),
];

/** Where bob is, he is busy, with a task of his own and one under the id that alice will use; then alice is, in every world. */
async function happen(world: World): Promise<void> {
  const hers = alicesId(99);
  if (world.name !== 'alone') {
    for (const id of ['b0b00000-0000-7000-8000-0000000000ff', hers]) {
      for (const request of life(id)) expect((await send(world, 'bob', request, 'bob')).body).not.toContain('errors');
    }
  }
  // One at a time, so that what is told of it is how it then was.
  for (const request of life(hers)) {
    expect((await send(world, 'alice', request, 'alice')).body).not.toContain('errors');
    await sleep(200);
  }
}

/** Until somebody listens in that world. */
async function listening(world: World): Promise<void> {
  for (;;) {
    const { rows } = await world.admin.query(
      `select from pg_locks join pg_database as own on own.oid = pg_locks.database
       where locktype = 'advisory' and own.datname = current_database()`,
    );
    if (rows.length > 0) break;
    await sleep(20);
  }
  await sleep(200);
}

const withoutTimes = (told: string) => normalise({ status: 0, headers: [], body: told }, since).body;

function expectHers(told: string[]): void {
  expect(told[1]).toBe(told[0]);
  for (const canary of canaries) expect(told[1]).not.toMatch(canary);
  // Four changes of hers; or silence would pass.
  expect(
    told[0]!.match(new RegExp(`"id":"${alicesId(99)}","task"|"id":"${alicesId(99)}"`, 'g'))!.length,
  ).toBeGreaterThanOrEqual(4);
}

test('every subscription of the schema tells alice the same', async () => {
  const schema = await schemaOf(worlds[0]!);
  const values = await readValues(schema, worlds);

  for (const field of Object.values(schema.getSubscriptionType()!.getFields())) {
    const draft = newDraft();
    // An argument is given what is bob's: it must make no difference.
    const passed = field.args.map((argument) => {
      const type = getNamedType(argument.type).name;
      const value = values.draw('foreign', type, [argument.name], 1)[0] ?? baseOf(shapeOf(argument.type), [], values);
      return `${argument.name}: ${variable(draft, argument, value)}`;
    });
    const inner = getNamedType(field.type);
    const selection = isCompositeType(inner) ? ` { ${selectAll({ schema, values, draft }, inner, 2)} }` : '';
    const call = `${field.name}${passed.length > 0 ? `(${passed.join(', ')})` : ''}${selection}`;
    const told: string[] = [];

    for (const world of worlds) {
      const heard: string[] = [];
      const client = openSocket(world.url, tokenOf('alice')!);
      client.subscribe(finish(draft, 'subscription', call) as { query: string; variables: Record<string, unknown> }, {
        next: (message) => void heard.push(JSON.stringify(message)),
        error: (error) => void heard.push(JSON.stringify(error)),
        complete: () => {},
      });
      await listening(world);
      await happen(world);
      await client.dispose();
      told.push(withoutTimes(heard.join('\n')));
    }

    expectHers(told);
  }
}, 60_000);

test.each([undefined, '2025-01-01T00:00:00Z'])(
  'the stream of events tells alice the same, since %s',
  async (last) => {
    const told: string[] = [];

    for (const world of worlds) {
      const abort = new AbortController();
      const response = await fetch(`${world.url}/api/v1/tasks/events`, {
        headers: { authorization: `Bearer ${tokenOf('alice')}`, ...(last !== undefined && { 'last-event-id': last }) },
        signal: abort.signal,
      });
      let text = '';
      const reading = (async () => {
        for await (const part of response.body!.pipeThrough(new TextDecoderStream())) text += part;
      })().catch(() => {});
      await listening(world);
      await happen(world);
      abort.abort();
      await reading;
      // A sign of life comes by the clock.
      told.push(withoutTimes(text.replaceAll(': \n\n', '')));
    }

    expectHers(told);
  },
  60_000,
);
