/** Who acts in the matrix: the first user, nobody, the further roles of requests, and the logins. PUBLIC is in all of them. */
import type { ClientBase } from 'pg';
import type { ProofConfig } from '../config.ts';
import { OperatorError } from '../../errors.ts';
import type { Actor } from './outcome.ts';

/** The actors of a configuration, each role once. A single login has no name: it may differ from one installation to the next. */
export function actorsOf(config: ProofConfig): Actor[] {
  const user = config.impersonate(config.users[0]);
  const nobody = config.impersonate();
  const further = config.visitors.filter((role) => role !== user.role && role !== nobody.role);
  const actors: Actor[] = [
    { name: 'a user', kind: 'user', identity: user },
    { name: 'nobody', kind: 'nobody', identity: nobody },
    ...further.map((role): Actor => ({ name: role, kind: 'visitor', identity: { role, settings: user.settings } })),
    // As it logs in: nobody's settings are empty, and so are those of a new connection.
    ...config.logins
      .filter((role) => !config.visitors.includes(role))
      .map((role): Actor => {
        const name = config.logins.length === 1 ? 'the login' : role;
        return { name, kind: 'login', identity: { role, settings: {} } };
      }),
  ];
  return actors.filter(({ name }, index) => actors.findIndex((other) => other.name === name) === index);
}

/** @throws OperatorError when a role is not there */
export async function assertRoles(client: ClientBase, actors: readonly Actor[]): Promise<void> {
  const roles = actors.map(({ identity }) => identity.role);
  const { rows } = await client.query<{ role: string }>(
    'select role from unnest($1::text[]) as role where role not in (select rolname from pg_catalog.pg_roles)',
    [roles],
  );
  if (rows.length === 0) return;
  throw new OperatorError(
    `The configuration names roles that this server does not have: ${rows.map(({ role }) => role).join(', ')}. Create them, or correct "visitors", "logins" and "impersonate".`,
  );
}
