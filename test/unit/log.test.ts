/** What the log holds of an error, and what not. C-58 */
import { createLogger } from '../../src/http/request-log.ts';

/** The line that is logged with these fields. */
function logged(fields: object): { err: Record<string, unknown> } {
  let line = '';
  createLogger('info', { write: (text) => (line = text) }).info(fields, 'x');
  return JSON.parse(line) as { err: Record<string, unknown> };
}

test('an error is there with its code, its stack and its cause', () => {
  const cause = Object.assign(new TypeError('the cause'), { code: '57P01' });

  const { err } = logged({ err: new Error('the error', { cause }) });

  expect(err).toMatchObject({
    type: 'Error',
    message: 'the error',
    stack: expect.stringContaining('log.test'),
    cause: { type: 'TypeError', message: 'the cause', code: '57P01' },
  });
});

test('what a library hangs on it is not: connections with their keys, rows in details', () => {
  const error = Object.assign(new Error('lost'), {
    client: { secretKey: 4711, connectionParameters: { password: 'hush' } },
    detail: 'Failing row contains (alice, a secret title).',
  });

  const { err } = logged({ err: error });

  expect(JSON.stringify(err)).not.toMatch(/4711|hush|secret/);
});
