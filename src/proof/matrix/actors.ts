/** Who acts in the matrix: the first user, nobody, the further roles of requests, those that look, and the logins. PUBLIC is in all of them. */
import type { ProofConfig } from '../config.ts';
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
    ...config.inspectors.map((role): Actor => ({
      name: role,
      kind: 'inspector',
      identity: { role, settings: nobody.settings },
    })),
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
