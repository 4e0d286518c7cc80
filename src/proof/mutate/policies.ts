/** Mutants of policies, and of the switches that turn them on. */
import type { Catalog, Policy, Relation } from '../catalog.ts';
import { quoted, recreate, relationNamed, type Mutant } from './mutant.ts';
import { faultsOf } from './predicates.ts';

/** Mutants of every policy. */
export const policyMutants = ({ policies, relations }: Catalog): Mutant[] =>
  policies.flatMap((policy) => mutantsOf(policy, relationNamed(relations, policy.table), relations));

function mutantsOf(policy: Policy, relation: Relation, relations: readonly Relation[]): Mutant[] {
  const { table, name, command, permissive, using, check } = policy;
  const on = `policy ${quoted(name)} on ${table}`;
  const mutant = (what: string, sql: string, scene: string, equivalent?: string): Mutant => ({
    id: `${table} ${name}: ${what}`,
    object: table,
    command,
    sql,
    scene,
    ...(equivalent !== undefined && { equivalent }),
  });

  const ofUsing = using === null ? [] : faultsOf(using, relation, relations);
  const ofCheck = check === null ? [] : faultsOf(check, relation, relations);
  return [
    mutant(
      'dropped',
      `drop ${on};`,
      permissive ? `the owner still can: ${words[command]} own rows` : `what the policy forbids is refused`,
    ),
    ...ofUsing.map(({ what, predicate, equivalent }) =>
      mutant(
        `using ${what}`,
        `alter ${on} using (${predicate});`,
        `another user cannot: ${words[command]} the owner's rows, with a control that they are there`,
        equivalent,
      ),
    ),
    ...ofCheck.map(({ what, predicate, equivalent }) =>
      mutant(
        `with check ${what}`,
        `alter ${on} with check (${predicate});`,
        'a row for somebody else is refused (throws_ok, 42501), with the column granted for the test if it is not',
        equivalent,
      ),
    ),
    ...(check === null
      ? []
      : [
          mutant(
            'with check dropped',
            recreate(policy, { check: null }),
            command === 'insert' ? 'the owner still can: make own rows' : 'a row cannot be given away',
            command !== 'insert' && using === check
              ? 'without it PostgreSQL checks with using, which is the same'
              : undefined,
          ),
        ]),
    ...(command === 'all'
      ? []
      : [
          mutant(
            'for all',
            recreate(policy, { command: 'all', using: using ?? check }),
            'the policy is for one command (policy_cmd_is), and the others are refused where none is for them',
          ),
        ]),
    ...(policy.roles.includes('public')
      ? []
      : [mutant('to public', `alter ${on} to public;`, `it is for its role alone (policy_roles_are)`)]),
    mutant(
      permissive ? 'restrictive' : 'permissive',
      recreate(policy, { permissive: !permissive }),
      permissive
        ? `the owner still can: ${words[command]} own rows`
        : 'what the policy forbids is refused, though another allows it',
    ),
  ];
}

const words = { all: 'see and change', select: 'see', insert: 'make', update: 'change', delete: 'delete' };

/** Row-level security turned off, and no longer forced on the owner, table by table. */
export const switchMutants = ({ relations }: Catalog): Mutant[] =>
  relations.flatMap(({ name, rowSecurity, forced }) => {
    const mutant = (what: string, action: string, scene: string): Mutant => ({
      id: `${name}: ${what}`,
      object: name,
      command: 'row security',
      sql: `alter table ${name} ${action};`,
      scene,
    });
    return [
      ...(rowSecurity
        ? [mutant('row security off', 'disable row level security', "another user sees nothing of the owner's")]
        : []),
      ...(forced
        ? [
            mutant(
              'row security not forced',
              'no force row level security',
              "the table's owner, as a role, sees no rows",
            ),
          ]
        : []),
    ];
  });
