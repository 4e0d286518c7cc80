/** Through GraphQL, what bob owns does not change one byte of what others are answered. C-31, C-32, C-35, T-03, T-08 */
import { createApp } from '../../../src/app.ts';
import { createCoverage, placesOf } from './coverage.ts';
import { operationsOf } from './operations.ts';
import type { Request } from './send.ts';
import { brief, chosen, expectNothing, readValues, schemaOf, walk } from './walk.ts';
import { openWorlds, type World } from './worlds.ts';

const since = Date.now();
let worlds: World[] = [];
let requests: Request[];

beforeAll(async () => {
  worlds = await openWorlds(createApp);
  const schema = await schemaOf(worlds[0]!);
  requests = operationsOf(schema, await readValues(schema, worlds));
}, 60_000);
afterAll(() => Promise.all(worlds.map((world) => world.end())));

test('alice is answered the same, whatever she asks: every field, argument, operator and value', async () => {
  const coverage = createCoverage(placesOf(await schemaOf(worlds[0]!)));
  const asked = chosen(requests);

  const findings = await walk({ worlds, actor: 'alice', requests: asked, since, bobAsksFirst: true, coverage });

  expectNothing(findings);
  if (asked.length < requests.length) return;
  console.log([`${asked.length} GraphQL requests`, ...coverage.report()].join('\n'));
  expect(coverage.missing()).toEqual([]);
}, 900_000);

test.each(['mallory', 'nobody'])(
  '%s is answered the same',
  async (actor) => {
    // Who is refused at the door asks for each field once.
    const asked = chosen(
      actor === 'nobody' ? requests.filter(({ label }) => label.endsWith('whole')) : brief(requests),
    );

    expectNothing(await walk({ worlds, actor, requests: asked, since, bobAsksFirst: true }));
  },
  900_000,
);
