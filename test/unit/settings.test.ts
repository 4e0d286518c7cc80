/** Claims → settings: pure and complete. C-30, C-35 */
import { settingsFor } from '../../src/database/settings.ts';

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

test('nothing else of an identity becomes a setting, whatever it holds', () => {
  const identity = { sub: 'alice', role: 'postgres', statement_timeout: '0' };

  const settings = settingsFor(identity, timeouts);

  expect(settings).toMatchObject({ role: 'hedgerow_visitor', statement_timeout: '5000' });
});

test.each([[''], [undefined], [null], [7]])('an identity whose subject is %p has no settings', (sub) => {
  expect(() => settingsFor({ sub: sub as string }, timeouts)).toThrow(TypeError);
});
