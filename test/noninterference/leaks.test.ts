/** The walk can fail: each planted leak is found, by a walk that knows nothing of it. C-31, C-32, C-35, T-03 */
import { jest } from '@jest/globals';
import * as realPreset from '../../src/graphql/preset.ts';
import * as realAuthenticate from '../../src/http/authenticate.ts';
import { type Leak, leaks, type Parts } from './leaks.ts';
import { operationsOf } from './operations.ts';
import { restRequests } from './rest.ts';
import { type Request, send } from './send.ts';
import { brief, type Finding, readValues, schemaOf, walk } from './walk.ts';
import type { World } from './worlds.ts';

const since = Date.now();
const real: Parts = { ...realPreset, ...realAuthenticate };

/** What the modules give in this file: the real parts, or a leak's. */
let parts: Parts = real;
jest.unstable_mockModule('../../src/graphql/preset.ts', () => ({
  ...realPreset,
  createPreset: (...given: Parameters<Parts['createPreset']>) => parts.createPreset(...given),
}));
jest.unstable_mockModule('../../src/http/authenticate.ts', () => ({
  ...realAuthenticate,
  authenticate: (...given: Parameters<Parts['authenticate']>) => parts.authenticate(...given),
}));
const { createApp } = await import('../../src/app.ts');
// It too loads the app.
const { openWorlds } = await import('./worlds.ts');

let worlds: World[] = [];

// PostGraphile warns of two ways to one row when an id is unique twice.
beforeAll(() => void jest.spyOn(console, 'warn').mockReturnValue());
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.end()));
  parts = real;
});

/** The brief walk, until something is found. */
async function findLeak(leak: Pick<Leak, 'sql' | 'options' | 'handler' | 'parts'>): Promise<Finding | undefined> {
  worlds = await openWorlds(
    (options) => {
      parts = { ...real, ...leak.parts?.(real) };
      return createApp(options);
    },
    ['alone', 'crowded'],
    leak,
  );
  let requests: Request[];
  try {
    requests = await everything();
  } catch (error) {
    return { kind: 'code', actor: 'alice', label: 'the first request', text: String(error) };
  }
  for (const actor of ['alice', 'mallory']) {
    const [found] = await walk({
      worlds,
      actor,
      requests: actor === 'alice' ? requests : requests.filter(({ isWrite }) => !isWrite),
      since,
      bobAsksFirst: true,
      untilFound: true,
    });
    if (found) return found;
  }
  return undefined;
}

async function everything(): Promise<Request[]> {
  const schema = await schemaOf(worlds[0]!);
  const values = await readValues(schema, worlds);
  const asked: Request = { label: '', isWrite: false, method: 'GET', path: '/openapi.json', covers: [] };
  const document = JSON.parse((await send(worlds[0]!, 'nobody', asked, 'walk-setup')).body) as object;
  return [...brief(operationsOf(schema, values)), ...brief(restRequests(document, values))];
}

const found: string[] = [];

test.each(leaks)(
  '$name: found',
  async (leak) => {
    const finding = await findLeak(leak);

    expect(finding).toBeDefined();
    found.push(`${leak.name}: ${finding!.kind}, ${finding!.label}, as ${finding!.actor}`);
  },
  120_000,
);

test('nothing is found where nothing is planted', async () => {
  expect(await findLeak({})).toBeUndefined();
}, 120_000);

afterAll(() => {
  console.log([`${found.length} of ${leaks.length} planted leaks were found`, ...found].join('\n'));
});
