/** What is told while it happens, over WebSockets and as server-sent events: alice's own changes, and of bob's not one byte. C-29, C-31, T-03 */
import { createApp } from '../../../src/app.ts';
import { createCoverage, toldPlacesOf } from './coverage.ts';
import { changesIn, events, hear, subscriptionsOf } from './told.ts';
import { expectNothing, readValues, schemaOf } from './walk.ts';
import { openWorlds, type World } from './worlds.ts';

const since = Date.now();
let worlds: World[] = [];

beforeAll(async () => {
  worlds = await openWorlds(createApp, ['alone', 'crowded']);
}, 60_000);
afterAll(() => Promise.all(worlds.map((world) => world.end())));

/** Each of alice's four changes is told; or silence would pass. */
const changes = 4;

test('every subscription of the schema tells alice the same', async () => {
  const schema = await schemaOf(worlds[0]!);
  const listeners = subscriptionsOf(schema, await readValues(schema, worlds));

  const coverage = createCoverage(toldPlacesOf(schema));

  for (const listener of listeners) {
    const { findings, told } = await hear(worlds, listener, since);

    expectNothing(findings);
    coverage.note(listener.covers, changesIn(told) >= changes);
  }

  expect(listeners.length).toBeGreaterThan(0);
  expect(coverage.missing()).toEqual([]);
}, 60_000);

test.each([undefined, '2025-01-01T00:00:00Z'])(
  'the stream of events tells alice the same, since %s',
  async (last) => {
    const { findings, told } = await hear(worlds, events(last), since);

    expectNothing(findings);
    expect(changesIn(told)).toBeGreaterThanOrEqual(changes);
  },
  60_000,
);
