/** What differs in the roles that requests run as, and in what new objects will be open to. */
import { mainOwner, type Access, type DefaultAccess, type Role } from './access.ts';
import { pair, towards, who, type Change } from './change.ts';

/** What each attribute means for who has it. */
const attributes = {
  superuser: 'is a superuser, whom no policy or grant holds',
  bypassRls: 'is held to no policy',
  login: 'can log in',
  inherit: 'has by default what the roles that are granted to it may do',
  createRole: 'can make roles',
  createDatabase: 'can make databases',
  replication: 'can copy the whole server',
} as const;

export function compareRoles(from: Access, to: Access): Change[] {
  const { gone, came, both } = pair(from.roles, to.roles, ({ name }) => name);
  return [
    ...gone.map(({ name }): Change => ({
      direction: 'narrowed',
      object: name,
      what: `The role ${name} is not there, or out of reach.`,
    })),
    ...came.map(({ name }): Change => ({
      direction: 'widened',
      object: name,
      what: `The role ${name} is new, or can now be reached.`,
    })),
    ...both.flatMap(([before, after]) => compareRole(before, after)),
  ];
}

function compareRole(before: Role, after: Role): Change[] {
  const { name: object } = after;
  const memberships = pair(before.memberOf, after.memberOf, ({ role }) => role);
  const changes = (Object.keys(attributes) as (keyof typeof attributes)[])
    .filter((attribute) => before[attribute] !== after[attribute])
    .map((attribute): Change => {
      const so = after[attribute] ? 'It is now so' : 'It is no longer so';
      return { direction: towards(after[attribute]), object, what: `${so}: ${object} ${attributes[attribute]}.` };
    });
  const [was, is] = [before, after].map(({ settings }) => settings.toSorted().join(', ') || 'none');
  if (was !== is)
    changes.push({
      direction: 'changed',
      object,
      what: `${object} starts with other settings.`,
      before: was,
      after: is,
    });
  return [
    ...changes,
    ...memberships.gone.map(({ role }) => ({
      direction: 'narrowed' as const,
      object,
      what: `${object} is no longer a member of ${role}.`,
    })),
    ...memberships.came.map((one) => ({
      direction: 'widened' as const,
      object,
      what: `${object} is now a member of ${one.role}: ${may(one)}.`,
    })),
    ...memberships.both
      .filter(([old, now]) => may(old) !== may(now))
      .map(([old, now]) => ({
        direction: opens(old, now),
        object,
        what: `As a member of ${now.role}, ${object} ${may(now)}.`,
        before: may(old),
        after: may(now),
      })),
  ];
}

type Membership = Role['memberOf'][number];

function may({ inherit, set, admin }: Membership): string {
  const can = [
    inherit ? 'has its rights' : [],
    set ? 'can become it' : [],
    admin ? 'can make others members' : [],
  ].flat();
  return can.length === 0 ? 'has nothing of it' : can.join(', ');
}

function opens(before: Membership, after: Membership): Change['direction'] {
  const options = ['inherit', 'set', 'admin'] as const;
  if (options.every((option) => after[option] || !before[option])) return 'widened';
  return options.every((option) => before[option] || !after[option]) ? 'narrowed' : 'changed';
}

/** What will be granted on objects that are yet to be made. */
export function compareDefaults(from: Access, to: Access): Change[] {
  const text = (access: Access) => (one: DefaultAccess) =>
    JSON.stringify({ ...one, owner: one.owner === mainOwner(access) ? '' : one.owner });
  const [before, after] = [from, to].map((access) => new Map(access.defaults.map((one) => [text(access)(one), one])));
  const changeOf = (one: DefaultAccess, now: boolean): Change => {
    const { kind, schema, grantee, privilege, revoked } = one;
    const may = revoked === now ? 'will not be able to' : 'will be able to';
    const where = schema === null ? '' : ` in ${schema}`;
    return {
      direction: towards(revoked !== now),
      object: schema ?? 'default privileges',
      what: `${who(grantee)} ${may} ${privilege} ${kind} that are yet to be made${where}, unless it is said then.`,
    };
  };
  return [
    ...[...before!].filter(([key]) => !after!.has(key)).map(([, one]) => changeOf(one, false)),
    ...[...after!].filter(([key]) => !before!.has(key)).map(([, one]) => changeOf(one, true)),
  ];
}
