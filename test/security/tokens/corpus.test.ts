/** The corpus is what it says: each entry another token with a name and a reason, each certificate a certificate. T-01 */
import { X509Certificate } from 'node:crypto';
import { newKey } from '../../support/tokens.ts';
import { selfSigned } from './corpus/certificate.ts';
import { harmlessTo, hostileTo, makeCast, mallorysKeys } from './corpus/index.ts';
import type { Kind } from './corpus/index.ts';

const cast = makeCast({ ...mallorysKeys(), url: new URL('http://127.0.0.1:1/jwks') });

describe.each<Kind>(['secret', 'jwks'])('The corpus for a verifier of the kind %s', (kind) => {
  const hostile = hostileTo(kind, cast);
  const entries = [...hostile, ...harmlessTo(kind, cast)];

  test('has no name and no token twice.', () => {
    expect(repeated(entries.map(({ name }) => name))).toEqual([]);
    expect(repeated(entries.map(({ token }) => token))).toEqual([]);
  });

  test('says of each entry why it is there, in a sentence.', () => {
    for (const { why } of entries) expect(why).toMatch(/^[A-Z].{20,}\.$/);
  });

  test('has not lost entries unnoticed.', () => {
    expect(hostile.length).toBeGreaterThanOrEqual(250);
  });
});

test('The certificate in a header of Mallory’s is one that a library would read and check.', () => {
  const key = newKey('EdDSA', 'any');

  const certificate = new X509Certificate(selfSigned('mallory', key));

  expect(certificate.subject).toBe('CN=mallory');
  expect(certificate.verify(key.publicKey)).toBe(true);
});

const repeated = (values: string[]): string[] => values.filter((value, index) => values.indexOf(value) !== index);
