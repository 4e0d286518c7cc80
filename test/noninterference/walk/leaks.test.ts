/**
 * The walk can fail: each planted leak is found, by a walk that knows nothing of it. That it finds nothing where nothing is planted is what
 * graphql.test.ts, rest.test.ts and told.test.ts show, of more requests than these. C-31, C-32, C-35, T-03
 */
import { jest } from '@jest/globals';
import * as realPreset from '../../../src/graphql/preset.ts';
import * as realAuthenticate from '../../../src/http/authenticate.ts';
import { type Leak, leaks, type Parts } from './leaks.ts';
import { operationsOf } from './operations.ts';
import { restRequests } from './rest.ts';
import { type Request, send } from './send.ts';
import { hear, type Listener, subscriptionsOf } from './told.ts';
import { brief, type Finding, readValues, schemaOf, walk } from './walk.ts';
import type { World } from './worlds.ts';

const since = Date.now();
const real: Parts = { ...realPreset, ...realAuthenticate };

/** What the modules give in this file: the real parts, or a leak's. */
let parts: Parts = real;
jest.unstable_mockModule('../../../src/graphql/preset.ts', () => ({
  ...realPreset,
  createPreset: (...given: Parameters<Parts['createPreset']>) => parts.createPreset(...given),
}));
jest.unstable_mockModule('../../../src/http/authenticate.ts', () => ({
  ...realAuthenticate,
  authenticate: (...given: Parameters<Parts['authenticate']>) => parts.authenticate(...given),
}));
const { createApp } = await import('../../../src/app.ts');
// It too loads the app.
const { openWorlds } = await import('./worlds.ts');

let worlds: World[] = [];

// PostGraphile warns of two ways to one row when an id is unique twice.
beforeAll(() => void jest.spyOn(console, 'warn').mockReturnValue());
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.end()));
  parts = real;
});

/** What is told, then the brief walk, until something is found. */
async function findLeak(leak: Pick<Leak, 'sql' | 'options' | 'handler' | 'parts'>): Promise<Finding | undefined> {
  worlds = await openWorlds(
    (options) => {
      parts = { ...real, ...leak.parts?.(real) };
      return createApp(options);
    },
    ['alone', 'crowded'],
    leak,
  );
  let asked: Asked;
  try {
    asked = await everything();
  } catch (error) {
    return { kind: 'code', actor: 'alice', label: 'the first request', text: String(error) };
  }
  for (const listener of asked.listeners) {
    const { findings } = await hear(worlds, listener, since);
    if (findings.length > 0) return findings[0];
  }
  for (const actor of ['alice', 'mallory']) {
    const [found] = await walk({
      worlds,
      actor,
      requests: actor === 'alice' ? asked.requests : asked.requests.filter(({ isWrite }) => !isWrite),
      since,
      bobAsksFirst: true,
      untilFound: true,
    });
    if (found) return found;
  }
  return undefined;
}

type Asked = { listeners: Listener[]; requests: Request[] };

async function everything(): Promise<Asked> {
  const schema = await schemaOf(worlds[0]!);
  const values = await readValues(schema, worlds);
  const asked: Request = { label: '', isWrite: false, method: 'GET', path: '/openapi.json', covers: [] };
  const document = JSON.parse((await send(worlds[0]!, 'nobody', asked, 'walk-setup')).body) as object;
  const requests = [...brief(restRequests(document, values)), ...brief(operationsOf(schema, values))];
  return {
    listeners: subscriptionsOf(schema, values),
    // What finds most comes first: everything of a field at once, then what is bob's.
    requests: requests.toSorted((one, other) => urgency(other) - urgency(one)),
  };
}

const urgency = ({ label }: Request): number => (label.endsWith('whole') ? 2 : label.includes(' foreign ') ? 1 : 0);

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

afterAll(() => {
  console.log([`${found.length} of ${leaks.length} planted leaks were found`, ...found].join('\n'));
});
