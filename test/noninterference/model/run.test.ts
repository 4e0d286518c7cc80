/** Long random sequences of operations by several users at once, through both doors: everything is as the model says. C-21, C-25, C-27, C-31, C-32, T-03, T-09 */
import { pino } from 'pino';
import { useApi } from '../../support/api.ts';
import { kinds } from './commands/index.ts';
import { explore, tell } from './explore.ts';

const api = useApi({ log: pino({ level: 'silent' }) });
/** MODEL_SEED and MODEL_PATH repeat what failed; FUZZ=20 runs twenty times as many sequences. */
const seed = Number(process.env.MODEL_SEED ?? 20_261_121);
const path = process.env.MODEL_PATH;
const runs = 135 * Number(process.env.FUZZ ?? 1);
/** REST has no route for these. */
const graphqlAlone = ['empty trash', 'update many', 'restore many', 'me', 'update me', 'delete me'];

test('of more than 10,000 operations in random sequences, none answers or does anything but what the model says', async () => {
  const { failure, steps, done } = await explore(api, { seed, path, runs, longest: 100 });

  if (failure) throw new Error(tell(failure));
  if (path !== undefined) return;
  console.log(`${steps} operations in ${runs} sequences, as the model says`);
  expect(steps).toBeGreaterThan((10_000 / 135) * runs);
  // Or it would be a test of refusals alone, or of one door.
  for (const { name } of kinds) {
    for (const door of graphqlAlone.includes(name) ? ['GraphQL'] : ['GraphQL', 'REST']) {
      expect([name, door, done.has(`${name}, ${door}, done`)]).toEqual([name, door, true]);
      for (const code of name.endsWith('many') && name !== 'create many' ? ['NOT_FOUND', 'VALIDATION_FAILED'] : [])
        expect([name, door, code, done.has(`${name}, ${door}, ${code}`)]).toEqual([name, door, code, true]);
    }
  }
  const codes = new Set([...done.keys()].map((key) => key.split(', ')[2]));
  expect(codes).toEqual(
    new Set(['done', 'NOT_FOUND', 'STALE_VERSION', 'CONFLICT', 'VALIDATION_FAILED', 'UNAUTHENTICATED']),
  );
}, 600_000);
