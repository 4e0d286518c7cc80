/** Through REST, what bob owns does not change one byte of what others are answered. C-31, C-32, C-33, C-35, T-03, T-08 */
import { createApp } from '../../../src/app.ts';
import { createCoverage } from './coverage.ts';
import { elsewhere, restPlaces, restRequests } from './rest.ts';
import { type Request, send } from './send.ts';
import { brief, chosen, expectNothing, readValues, schemaOf, walk } from './walk.ts';
import { openWorlds, type World } from './worlds.ts';

const since = Date.now();
let worlds: World[] = [];
let document: { paths: Record<string, object> };
let requests: Request[];

beforeAll(async () => {
  worlds = await openWorlds(createApp);
  const asked: Request = { label: '', isWrite: false, method: 'GET', path: '/openapi.json', covers: [] };
  document = JSON.parse((await send(worlds[0]!, 'nobody', asked, 'walk-setup')).body) as typeof document;
  requests = restRequests(document, await readValues(await schemaOf(worlds[0]!), worlds));
}, 60_000);
afterAll(() => Promise.all(worlds.map((world) => world.end())));

test('alice is answered the same, whatever she asks: every route, parameter, header, body field and value', async () => {
  const coverage = createCoverage(restPlaces(document));
  const asked = chosen(requests);

  const findings = await walk({ worlds, actor: 'alice', requests: asked, since, bobAsksFirst: true, coverage });

  expectNothing(findings);
  if (asked.length < requests.length) return;
  console.log([`${asked.length} REST requests`, ...coverage.report()].join('\n'));
  expect(coverage.missing()).toEqual([]);
  // What is left to others has to be there.
  for (const route of Object.keys(elsewhere)) {
    const [method, path] = route.split(' ') as [string, string];
    expect(document.paths[path]).toHaveProperty(method.toLowerCase());
  }
}, 300_000);

test.each(['mallory', 'nobody'])(
  '%s is answered the same',
  async (actor) => {
    const asked = chosen(brief(requests));

    expectNothing(await walk({ worlds, actor, requests: asked, since, bobAsksFirst: true }));
  },
  300_000,
);
