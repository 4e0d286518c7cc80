/** From a verified identity, and the request that it came with, to the settings of one transaction: pure, and always complete. The fence refuses anything less. */
import type { Identity } from '../auth/identity.ts';
import { visitorRole } from './roles.ts';

/** What `set_config(name, value, true)` gets at the start of every transaction. */
export type TransactionSettings = Readonly<
  { role: typeof visitorRole; 'jwt.claims.sub': string } & Record<string, string>
>;

/** In milliseconds; PostgreSQL reads a bare number so. 0 switches a limit off. */
export type Timeouts = { statementMs: number; lockMs: number; idleInTransactionMs: number };

/** What the history of tasks says of a request beside who sent it. Outside of a request there is none. */
export type Origin = { requestId: string; address?: string };

/** The settings under which nobody is signed in: what introspection and health checks run with. They see no row. */
export const nobody: TransactionSettings = Object.freeze({ role: visitorRole, 'jwt.claims.sub': '' });

/**
 * The settings of a request. Only these claims reach the database: never a role or anything else that a token may hold.
 * @throws TypeError when the identity has no subject; the verifier never lets such a one pass
 */
export function settingsFor(
  identity: Omit<Identity, 'expiresAt'>,
  timeouts: Timeouts,
  origin?: Origin,
): TransactionSettings {
  if (typeof identity.sub !== 'string' || identity.sub === '') throw new TypeError('An identity without a subject.');
  return {
    role: visitorRole,
    'jwt.claims.sub': identity.sub,
    // Absent claims are left out: a local setting of an earlier transaction reads as '' by then, which is nobody's.
    ...(identity.email !== undefined && { 'jwt.claims.email': identity.email }),
    ...(identity.name !== undefined && { 'jwt.claims.name': identity.name }),
    ...(identity.issuedAt !== undefined && { 'jwt.claims.iat': String(identity.issuedAt) }),
    ...(origin && { 'request.id': origin.requestId }),
    ...(origin?.address !== undefined && { 'request.address': origin.address }),
    statement_timeout: String(timeouts.statementMs),
    lock_timeout: String(timeouts.lockMs),
    idle_in_transaction_session_timeout: String(timeouts.idleInTransactionMs),
  };
}

/**
 * With the user's name on the connection for as long as the transaction lasts, where the view admin.sessions finds it. PostgreSQL keeps 63 bytes of it,
 * and shows it to every role.
 */
export const withSubjectShown = (settings: TransactionSettings): TransactionSettings => ({
  ...settings,
  application_name: `hedgerow as ${settings['jwt.claims.sub']}`,
});
