/** Attacks by the bytes of the payload, honestly signed: what another parser would read differently, or could not read. */
import { mint } from '../../../support/tokens.ts';
import type { Signer } from '../../../support/tokens.ts';
import { honest, json } from './cast.ts';
import type { Hostile } from './cast.ts';

/** `by` signs honest tokens of the verifier under attack. */
export const payloads = (by: Signer): Hostile[] => [...bytes(by), ...notAnObject(by), ...almostJson(by)];

const text = JSON.stringify(honest);
/** The honest claims with these bytes in the place of the subject. */
const withSubject = (...subject: number[]): Buffer => {
  const [before = '', after = ''] = json({ sub: '"|"' }).split('|');
  return Buffer.concat([Buffer.from(before), Buffer.from(subject), Buffer.from(after)]);
};

const bytes = (by: Signer): Hostile[] => [
  ...Object.entries({
    'UTF-16, low byte first': Buffer.from(text, 'utf16le'),
    'UTF-16, high byte first': Buffer.from(text, 'utf16le').swap16(),
    'UTF-16 with a byte order mark': Buffer.from(`\ufeff${text}`, 'utf16le'),
    'UTF-32': Buffer.from([...text].flatMap((character) => [character.charCodeAt(0), 0, 0, 0])),
    'UTF-8 with two byte order marks': Buffer.from(`\ufeff\ufeff${text}`),
    'UTF-8 with NUL at its end': Buffer.from(`${text}\0`),
  }).map(([title, content]) => ({
    name: `a payload in ${title}`,
    why: 'A reader that guesses the encoding can be made to guess another text.',
    token: mint(content, { by }),
  })),
  ...Object.entries({
    'a byte that UTF-8 does not have': [0xff],
    'another byte that UTF-8 does not have': [0xfe],
    'a letter in Latin-1': [0x61, 0x6c, 0xef, 0x63, 0x65],
    'a character cut short': [0xe2, 0x82],
    'NUL written too long': [0xc0, 0x80],
    'a letter written too long': [0xc1, 0xa1],
    'a surrogate written as UTF-8': [0xed, 0xa0, 0x80],
    'a character beyond Unicode': [0xf4, 0x90, 0x80, 0x80],
  }).map(([title, subject]) => ({
    name: `sub with ${title}`,
    why: 'Replaced by U+FFFD, the subjects of many users would become one.',
    token: mint(withSubject(...subject), { by }),
  })),
];

const notAnObject = (by: Signer): Hostile[] =>
  Object.entries({
    'not JSON': 'alice',
    'white space': ' ',
    'an empty object': '{}',
    'a list': '[]',
    'a list of the claims': `[${text}]`,
    'a text': '"alice"',
    'the claims as a text': JSON.stringify(text),
    'a number': '1',
    true: 'true',
    null: 'null',
    'nested 3,000 deep': `${'['.repeat(3_000)}${']'.repeat(3_000)}`,
    'nested 4,000 deep and never closed': '['.repeat(4_000),
    'the claims inside of another object': `{"claims":${text}}`,
    'the claims in the prototype': `{"__proto__":${text}}`,
    'the claims in the prototype of the constructor': `{"constructor":{"prototype":${text}}}`,
  }).map(([title, content]) => ({
    name: `a payload that is ${title}`,
    why: 'Without claims of its own a token says nothing, and what it does not say must not be found elsewhere.',
    token: mint(content, { by }),
  }));

const almostJson = (by: Signer): Hostile[] =>
  Object.entries({
    'cut short': text.slice(0, -1),
    'with a comma at the end': `${text.slice(0, -1)},}`,
    'with a comment': `/* */${text}`,
    'in single quotes': text.replaceAll('"', "'"),
    'without quotes': text.replaceAll(/"(\w+)":/g, '$1:'),
    'with a second object after it': `${text}{"sub":"bob"}`,
    'with a line break in its subject': json({ sub: '"ali\nce"' }),
    'with a time that is NaN': json({ exp: 'NaN' }),
    'with a time that is Infinity': json({ exp: 'Infinity' }),
    'with a time in hexadecimals': json({ exp: '0x7fffffffff' }),
    'with a prefix against scripts': `)]}'\n${text}`,
  }).map(([title, content]) => ({
    name: `a payload in JSON ${title}`,
    why: 'Where one parser is lenient and the next is not, they read different claims.',
    token: mint(content, { by }),
  }));
