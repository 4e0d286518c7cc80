/** .env.example documents every variable, and none that does not exist. C-17, C-52 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { parseConfig } from '../../src/config.ts';
import { exampleSecret, variableNames } from '../../src/variables.ts';

const example = readFileSync(join(import.meta.dirname, '../../.env.example'), 'utf8');
const uncommented = parseEnv(example.replaceAll(/^# ([A-Z_]+=)/gm, '$1'));

test('it names exactly the variables that are read', () => {
  expect(Object.keys(uncommented).sort()).toEqual([...variableNames].sort());
});

test('its values are accepted, but for those that exclude each other', () => {
  const { BETTER_AUTH_SECRET, HEDGEROW_PREVIOUS_SECRET, HEDGEROW_AUTH, HEDGEROW_JWKS_URL, ...rest } = uncommented;
  const secrets = { BETTER_AUTH_SECRET: 'x'.repeat(32), HEDGEROW_PREVIOUS_SECRET: 'y'.repeat(32) };

  expect(() => parseConfig({ ...rest, HEDGEROW_JWKS_URL }, 'serve')).not.toThrow();
  expect(() => parseConfig({ ...rest, ...secrets, HEDGEROW_AUTH }, 'serve')).not.toThrow();
  expect([BETTER_AUTH_SECRET, HEDGEROW_PREVIOUS_SECRET]).toEqual([exampleSecret, exampleSecret]);
});

test('its defaults are the defaults', () => {
  const {
    NODE_ENV,
    HOST,
    PORT,
    HEDGEROW_WORKERS,
    HEDGEROW_POOL_SIZE,
    HEDGEROW_BODY_LIMIT,
    HEDGEROW_CLOCK_SKEW,
    HEDGEROW_STATEMENT_TIMEOUT,
  } = uncommented;
  const shown = {
    NODE_ENV,
    HOST,
    PORT,
    HEDGEROW_WORKERS,
    HEDGEROW_POOL_SIZE,
    HEDGEROW_BODY_LIMIT,
    HEDGEROW_CLOCK_SKEW,
    HEDGEROW_STATEMENT_TIMEOUT,
  };

  expect(parseConfig(shown, 'serve')).toEqual(parseConfig({}, 'serve'));
});

test('its secret is refused, so that nobody runs with it', () => {
  expect(uncommented.BETTER_AUTH_SECRET).toBe(exampleSecret);
  expect(() => parseConfig({ BETTER_AUTH_SECRET: exampleSecret }, 'serve')).toThrow(/BETTER_AUTH_SECRET/);
});
