/** Attacks by claims, honestly signed: times that are none, tokens for others and from others, subjects that are nobody. */
import { inSeconds, mint } from '../../../support/tokens.ts';
import type { Signer } from '../../../support/tokens.ts';
import { honest, json, rules } from './cast.ts';
import type { Hostile } from './cast.ts';

/** `by` signs honest tokens of the verifier under attack. */
export const claims = (by: Signer): Hostile[] => [...times(by), ...issuers(by), ...audiences(by), ...subjects(by)];

const times = (by: Signer): Hostile[] => [
  ...Object.entries<string>({
    'exp long ago': '1',
    'exp just outside the skew': String(inSeconds(-61)),
    'exp zero': '0',
    'exp negative': String(-honest.exp),
    'exp negative and huge': '-1e400',
    'exp in the future, then in the past': `${honest.exp},"exp":1`,
  }).map(([name, exp]) => ({
    name,
    why: 'A token that has ended must stay ended.',
    token: mint(json({ exp }), { by }),
  })),
  ...Object.entries<string>({
    'exp null': 'null',
    'exp false': 'false',
    'exp true': 'true',
    'exp a text': '"9999999999"',
    'exp a date as a text': '"2099-01-01T00:00:00Z"',
    'exp an empty text': '""',
    'exp a list': '[9999999999]',
    'exp an object': '{"valueOf":9999999999}',
    'exp too large for a number': '1e400',
    'exp later than a Date can hold': '1e300',
    'exp in microseconds': String(honest.exp * 1e6),
  }).map(([name, exp]) => ({
    name,
    why: 'An end that cannot be compared with the time is no end.',
    token: mint(json({ exp }), { by }),
  })),
  {
    name: 'exp absent',
    why: 'A token without an end is good for ever once it is stolen.',
    token: mint({ ...honest, exp: undefined }, { by }),
  },
  {
    name: 'exp in capitals',
    why: 'Names of claims are case-sensitive: this one is not there.',
    token: mint({ ...honest, exp: undefined, EXP: honest.exp }, { by }),
  },
  ...Object.entries<string>({
    'nbf in the future': String(inSeconds(600)),
    'nbf too large for a number': '1e400',
    'nbf a text': `"${inSeconds(-600)}"`,
    'nbf null': 'null',
    'nbf a list': `[${inSeconds(-600)}]`,
  }).map(([name, nbf]) => ({
    name,
    why: 'A token that is not valid yet, or cannot say since when, is not valid.',
    token: mint(json({ nbf }), { by }),
  })),
  ...Object.entries<string>({
    'iat a text': `"${inSeconds(-60)}"`,
    'iat null': 'null',
    'iat an object': '{}',
  }).map(([name, iat]) => ({
    name,
    why: 'A time that is no number points to an issuer that does not check what it writes.',
    token: mint(json({ iat }), { by }),
  })),
];

const issuers = (by: Signer): Hostile[] =>
  Object.entries<unknown>({
    absent: undefined,
    null: null,
    empty: '',
    'a list with ours': [rules.issuer],
    another: 'https://evil.example',
    'with a slash at its end': 'https://id.example/',
    'in capitals': 'https://ID.EXAMPLE',
    'with a letter that looks the same': 'https://іd.example',
    'with a domain behind it': 'https://id.example.evil.example',
    'with a domain before it': 'https://evil.id.example',
    'as a user of another': 'https://id.example@evil.example',
    'without encryption': 'http://id.example',
    'with its port': 'https://id.example:443',
    'with a fragment': 'https://id.example#',
    'followed by a space': 'https://id.example ',
    'followed by NUL': 'https://id.example\0',
    'without its scheme': 'id.example',
    'a wildcard': '*',
  }).map(([title, iss]) => ({
    name: `iss ${title}`,
    why: 'An issuer that only looks like ours may give anybody any subject.',
    token: mint({ ...honest, iss }, { by }),
    needsRules: true,
  }));

const audiences = (by: Signer): Hostile[] =>
  Object.entries<unknown>({
    absent: undefined,
    null: null,
    empty: '',
    'a number': 1,
    another: 'billing-api',
    'a list without ours': ['billing-api', 'mail-api'],
    'an empty list': [],
    'a list with ours, nested': [['tasks-api']],
    'an object': { 'tasks-api': true },
    'a list with ours in one text': 'billing-api,tasks-api',
    'that contains ours': 'not-tasks-api',
    'that begins like ours': 'tasks-api.evil.example',
    'in capitals': 'TASKS-API',
    'followed by a space': 'tasks-api ',
    'followed by NUL': 'tasks-api\0',
    'a wildcard': '*',
    'an object like a list with ours': { 0: 'tasks-api', length: 1 },
  }).map(([title, aud]) => ({
    name: `aud ${title}`,
    why: 'A token that was given to another service would open this one too.',
    token: mint({ ...honest, aud }, { by }),
    needsRules: true,
  }));

const subjects = (by: Signer): Hostile[] => [
  ...Object.entries<unknown>({
    absent: undefined,
    null: null,
    false: false,
    true: true,
    zero: 0,
    'a number': 1,
    empty: '',
    'a list': ['alice'],
    'an object': { id: 'alice' },
    'an object that is called alice': { toString: 'alice' },
    'of 256 characters': 'x'.repeat(256),
    'of 256 astral characters': '🌳'.repeat(256),
    'of 5,000 characters': 'x'.repeat(5_000),
  }).map(([title, sub]) => ({
    name: `sub ${title}`,
    why: 'What cannot be stored as it is becomes a subject that somebody else may have.',
    token: mint({ ...honest, sub }, { by }),
  })),
  ...Object.entries({
    NUL: '\0',
    'followed by NUL': 'alice\0',
    'with NUL and more': 'alice\0bob',
    'followed by half a character': 'alice\ud83c',
    'half a character': '\udf33',
    'with the halves of a character swapped': '\udf33\ud83c',
  }).map(([title, sub]) => ({
    name: `sub ${title}`,
    why: 'PostgreSQL has no such text: it would end early, or become that of another user.',
    token: mint({ ...honest, sub }, { by }),
  })),
  ...Object.entries({
    Sub: { Sub: 'alice' },
    user_id: { user_id: 'alice' },
    username: { username: 'alice', email: 'alice@example.com' },
    'jwt.claims.sub': { 'jwt.claims.sub': 'alice' },
  }).map(([title, instead]) => ({
    name: `${title} in the place of sub`,
    why: 'Who is asking is read in one place only, or two places disagree.',
    token: mint({ ...honest, sub: undefined, ...instead }, { by }),
  })),
  {
    name: 'sub twice, null last',
    why: 'The last one counts (RFC 7519 §4), also when it is nobody.',
    token: mint(json({ sub: '"alice","sub":null' }), { by }),
  },
];
