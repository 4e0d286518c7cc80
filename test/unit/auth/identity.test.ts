/** The pure checks of verified claims. */
import { isSubject, readIdentity } from '../../../src/auth/identity.ts';

const exp = 1_800_000_000;
const unauthenticated = expect.objectContaining({ name: 'ApiError', code: 'UNAUTHENTICATED', status: 401 });

// C-13
test.each([
  ['one character', 'a'],
  ['a UUID', '0192f0c1-2b7e-7cc3-98c4-dc0c0c07398f'],
  ['an id of an identity provider', 'auth0|5f7c8ec7c33c6c004bbafe82'],
  ['255 characters', 'x'.repeat(255)],
  ['255 characters outside the basic plane', '🌳'.repeat(255)],
  ['a replacement character that the issuer wrote', '\ufffd'],
  ['characters that look like a path or SQL', `../'; reset role; --`],
])('A subject may be %s.', (_title, sub) => {
  const identity = readIdentity({ sub, exp });

  expect(identity).toEqual({ sub, expiresAt: exp });
});

// C-13
test.each([
  ['absent', undefined],
  ['null', null],
  ['empty', ''],
  ['256 characters', 'x'.repeat(256)],
  ['256 characters outside the basic plane', '🌳'.repeat(256)],
  ['a number', 42],
  ['a list', ['alice']],
  ['an object', { toString: 'alice' }],
  ['true', true],
  ['a string with NUL', 'alice\0'],
  ['a lone high surrogate', 'alice\ud800'],
  ['a lone low surrogate', '\udfffalice'],
  ['surrogates in the wrong order', '\udf33\ud83c'],
])('A subject that is %s is refused.', (_title, sub) => {
  const read = () => readIdentity({ sub, exp } as never);

  expect(read).toThrow(unauthenticated);
});

// C-13
test('Subjects that differ in any way stay different.', () => {
  const subs = ['alice', 'Alice', ' alice', 'alice ', 'alice\u200b', '\ufeffalice', 'аlice', 'caf\u00e9', 'cafe\u0301'];

  const identities = subs.map((sub) => readIdentity({ sub, exp }).sub);

  expect(identities).toEqual(subs);
});

// C-14
test.each([
  ['absent', undefined],
  ['a string', '1800000000'],
  ['null', null],
  ['infinite', Infinity],
  ['minus infinite', -Infinity],
  ['not a number', NaN],
  ['beyond what a Date can hold', 8_640_000_000_001],
])('An expiry that is %s is refused.', (_title, value) => {
  const read = () => readIdentity({ sub: 'alice', exp: value } as never);

  expect(read).toThrow(unauthenticated);
});

// C-14
test.each([1_800_000_000.5, 8_640_000_000_000])('An expiry of %d is kept as it is.', (value) => {
  const { expiresAt } = readIdentity({ sub: 'alice', exp: value });

  expect(expiresAt).toBe(value);
});

// C-16
test('E-mail and name are taken over when they fit.', () => {
  const email = `${'l'.repeat(64)}@${'d'.repeat(255)}`;
  const name = '🌳'.repeat(200);

  const identity = readIdentity({ sub: 'alice', exp, email, name });

  expect(identity).toEqual({ sub: 'alice', email, name, expiresAt: exp });
});

// C-16
test.each([
  ['empty', '', ''],
  ['too long', `${'l'.repeat(65)}@${'d'.repeat(255)}`, '🌳'.repeat(201)],
  ['no strings', 42, ['Alice']],
  ['null', null, null],
  ['strings with NUL', 'a\0@example.com', 'Alice\0'],
  ['not well-formed', 'a\ud800@example.com', '\udc00Alice'],
])('E-mail and name that are %s are left out and harm nothing.', (_title, email, name) => {
  const identity = readIdentity({ sub: 'alice', exp, email, name });

  expect(Object.keys(identity)).toEqual(['sub', 'expiresAt']);
});

// C-30
test('No other claim reaches the identity.', () => {
  const claims = {
    sub: 'alice',
    exp,
    role: 'postgres',
    roles: ['admin'],
    user_id: 'bob',
    owner_id: 'bob',
    scope: 'admin',
  };

  const identity = readIdentity(claims);

  expect(identity).toEqual({ sub: 'alice', expiresAt: exp });
});

// C-13
test('What may be issued is what would be accepted.', () => {
  const answers = ['alice', '', 'x'.repeat(256), '\ud800', 42].map(isSubject);

  expect(answers).toEqual([true, false, false, false, false]);
});
