/** The policies of a table as they add up for a role and a command: permissive ones or-ed, restrictive ones and-ed, none is nothing. */
import type { ClientBase } from 'pg';
import type { Policy, Relation } from '../catalog.ts';
import { parseExpression } from '../expression.ts';
import type { Facts } from './facts.ts';
import { both, either, keyColumns, kindOf, looksAt, type Kind } from './predicate.ts';

export type Rule = {
  /** Which rows are reached. */
  using: Kind;
  /** Which rows may be written. */
  check: Kind;
  /** Whether the check looks at this column. */
  checks(column: string): boolean;
};

export type Rules = {
  /** What binds the role; `all` and `all` where row-level security does not. */
  of(role: string, relation: string, command: Policy['command']): Rule;
  /** The columns by which the policies of the relation tell whose a row is. */
  keys(relation: string): string[];
};

type ReadPolicy = Policy & { usingKind: Kind | null; checkKind: Kind | null };

/** Reads all policies once, since a constant is for PostgreSQL to fold. */
export async function readRules(client: ClientBase, facts: Facts): Promise<Rules> {
  const policies: ReadPolicy[] = [];
  for (const policy of facts.catalog.policies) {
    const relation = facts.relation(policy.table);
    const read = async (text: string | null) =>
      text === null ? null : kindOf(client, parseExpression(text), relation);
    policies.push({ ...policy, usingKind: await read(policy.using), checkKind: await read(policy.check) });
  }
  const keys = new Map(facts.catalog.relations.map((relation) => [relation.name, keysOf(relation, policies)]));
  return {
    keys: (relation) => keys.get(relation) ?? [],
    of(role, name, command) {
      if (!facts.isBound(role, name)) return { using: 'all', check: 'all', checks: () => false };
      const bound = policies.filter(
        (policy) =>
          policy.table === name && [command, 'all'].includes(policy.command) && facts.applies(role, policy.roles),
      );
      return combine(bound, facts.relation(name));
    },
  };
}

function combine(policies: ReadPolicy[], relation: Relation): Rule {
  const given = (kinds: (Kind | null)[]) => kinds.filter((kind) => kind !== null);
  const permissive = policies.filter((policy) => policy.permissive);
  const restrictive = policies.filter((policy) => !policy.permissive);
  // Where there is no check, the condition is also that of what is written.
  const checkOf = ({ checkKind, usingKind }: ReadPolicy) => checkKind ?? usingKind;
  const add = (kind: (policy: ReadPolicy) => Kind | null) =>
    both([either(given(permissive.map(kind))), ...given(restrictive.map(kind))]);
  const texts = policies.flatMap((policy) => policy.check ?? policy.using ?? []).map(parseExpression);
  return {
    using: add(({ usingKind }) => usingKind),
    check: add(checkOf),
    checks: (column) => texts.some((text) => looksAt(text, relation, column)),
  };
}

const keysOf = (relation: Relation, policies: Policy[]): string[] => [
  ...new Set(
    policies
      .filter(({ table }) => table === relation.name)
      .flatMap(({ using, check }) => [using, check].filter((text) => text !== null))
      .flatMap((text) => keyColumns(parseExpression(text), relation)),
  ),
];
