/** Claims → settings: pure and complete. C-30, C-35 */
import { settingsFor, withSubjectShown } from '../../src/database/settings.ts';

const timeouts = { statementMs: 5000, lockMs: 2000, idleInTransactionMs: 3000 };

test('the settings of a request are the visitor, the subject and the timeouts', () => {
  const settings = settingsFor({ sub: 'alice' }, timeouts);

  expect(settings).toEqual({
    role: 'hedgerow_visitor',
    'jwt.claims.sub': 'alice',
    statement_timeout: '5000',
    lock_timeout: '2000',
    idle_in_transaction_session_timeout: '3000',
  });
});

test('e-mail and name go along when the token has them', () => {
  const settings = settingsFor({ sub: 'alice', email: 'a@example.com', name: 'Alice' }, timeouts);

  expect(settings).toMatchObject({ 'jwt.claims.email': 'a@example.com', 'jwt.claims.name': 'Alice' });
});

test('the id and the address of the request go along, when there is one', () => {
  const origin = { requestId: 'request-1', address: '192.0.2.1' };

  const settings = settingsFor({ sub: 'alice' }, timeouts, origin);

  expect(settings).toEqual({
    ...settingsFor({ sub: 'alice' }, timeouts),
    'request.id': 'request-1',
    'request.address': '192.0.2.1',
  });
});

test('an address that is not known is left out: a setting of an earlier transaction reads as none by then', () => {
  const settings = settingsFor({ sub: 'alice' }, timeouts, { requestId: 'request-1' });

  expect(settings).toEqual({ ...settingsFor({ sub: 'alice' }, timeouts), 'request.id': 'request-1' });
});

test('the subject is shown on the connection, if that is wanted', () => {
  const settings = settingsFor({ sub: 'alice' }, timeouts);

  expect(withSubjectShown(settings)).toEqual({ ...settings, application_name: 'hedgerow as alice' });
});

test('nothing else of an identity becomes a setting, whatever it holds', () => {
  const identity = { sub: 'alice', role: 'postgres', statement_timeout: '0', 'request.id': 'forged' };

  const settings = settingsFor(identity, timeouts);

  expect(settings).toEqual(settingsFor({ sub: 'alice' }, timeouts));
});

test.each([[''], [undefined], [null], [7]])('an identity whose subject is %p has no settings', (sub) => {
  expect(() => settingsFor({ sub: sub as string }, timeouts)).toThrow(TypeError);
});
