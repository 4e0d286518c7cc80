/** Where a token is found, and every form in which it is not. */
import { readBearer, readConnectionBearer } from '../../../src/auth/bearer.ts';

const unauthenticated = expect.objectContaining({ name: 'ApiError', code: 'UNAUTHENTICATED', status: 401 });

// C-10
test.each([
  ['Bearer aaa.bbb.ccc', 'aaa.bbb.ccc'],
  ['bearer aaa.bbb.ccc', 'aaa.bbb.ccc'],
  ['BEARER   aaa.bbb.ccc', 'aaa.bbb.ccc'],
  ['Bearer A-z_0.9~+/==', 'A-z_0.9~+/=='],
])('The header %j carries a token.', (header, expected) => {
  const token = readBearer(header);

  expect(token).toBe(expected);
});

const malformed = [
  '',
  ' ',
  'Bearer',
  'Bearer ',
  'aaa.bbb.ccc',
  'Beareraaa.bbb.ccc',
  'Bearer: aaa.bbb.ccc',
  'Basic YWxpY2U6c2VjcmV0',
  'Token aaa.bbb.ccc',
  'Bearer aaa.bbb.ccc ',
  ' Bearer aaa.bbb.ccc',
  'Bearer\taaa.bbb.ccc',
  'Bearer aaa.bbb.ccc\n',
  'Bearer aaa.bbb.ccc ddd.eee.fff',
  'Bearer aaa.bbb.ccc, Bearer ddd.eee.fff',
  'Bearer aaa,bbb',
  'Bearer "aaa.bbb.ccc"',
  'Bearer a=b',
  'Bearer =',
  'Bearer aaa.bbb.ccç',
  'Bearer aaa\0',
];

// C-10
test.each(malformed)('The header %j is refused.', (header) => {
  const read = () => readBearer(header);

  expect(read).toThrow(unauthenticated);
});

// C-10
test('An absent header is refused with a message of its own.', () => {
  const messageOf = (header: string | undefined) => {
    try {
      return readBearer(header);
    } catch (error) {
      return (error as Error).message;
    }
  };

  expect(() => readBearer(undefined)).toThrow(unauthenticated);
  expect(messageOf(undefined)).not.toBe(messageOf(''));
});

// C-10
test('A header of 16 KiB that almost fits is refused at once.', () => {
  const header = `Bearer ${' '.repeat(8_000)}${'='.repeat(8_000)}`;
  const start = performance.now();

  const read = () => readBearer(header);

  expect(read).toThrow(unauthenticated);
  expect(performance.now() - start).toBeLessThan(1_000);
});

// C-10 C-29
test.each(['authorization', 'Authorization', 'AUTHORIZATION'])('A WebSocket may send its token as %s.', (key) => {
  const token = readConnectionBearer({ [key]: 'Bearer aaa.bbb.ccc', locale: 'en' });

  expect(token).toBe('aaa.bbb.ccc');
});

// C-10 C-29
test.each([
  ['nothing', undefined],
  ['null', null],
  ['a string', 'Bearer aaa.bbb.ccc'],
  ['a number', 1],
  ['a list', ['Bearer aaa.bbb.ccc']],
  ['an empty object', {}],
  ['another key', { token: 'aaa.bbb.ccc' }],
  ['a bare token', { authorization: 'aaa.bbb.ccc' }],
  ['a list of tokens', { authorization: ['Bearer aaa.bbb.ccc'] }],
  ['a nested object', { authorization: { authorization: 'Bearer aaa.bbb.ccc' } }],
  ['null as authorization', { authorization: null }],
  ['headers within', { headers: { authorization: 'Bearer aaa.bbb.ccc' } }],
  ['an inherited authorization', Object.create({ authorization: 'Bearer aaa.bbb.ccc' })],
  ['two tokens', { authorization: 'Bearer aaa.bbb.ccc', Authorization: 'Bearer ddd.eee.fff' }],
])('A WebSocket that sends %s is refused.', (_title, params) => {
  const read = () => readConnectionBearer(params);

  expect(read).toThrow(unauthenticated);
});
