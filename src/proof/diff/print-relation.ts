/** A table or view as SQL, with everything that hangs on it: constraints, indexes, row-level security, policies, grants, triggers, rules. */
import type { Policy } from '../catalog.ts';
import type { Access, AccessColumn, AccessRelation, AccessTrigger } from './access.ts';
import { identifier, printGrants } from './print-grants.ts';
import { normaliseQuery } from './view-query.ts';

/** One paragraph. @param owner the role that is not named, because most belongs to it */
export function printRelation(relation: AccessRelation, access: Access, owner: string | undefined): string {
  const { name, kind } = relation;
  const of = <Part extends { table: string; name: string }>(parts: readonly Part[]) =>
    parts.filter(({ table }) => table === name).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const lines = [
    `/* ${kind} ${name} */`,
    printCreate(relation),
    ...(relation.owner === owner ? [] : [`alter ${kind} ${name} owner to ${identifier(relation.owner)};`]),
    ...relation.parents.map((parent) => `alter table ${name} inherit ${parent};`),
    ...of(access.constraints).map(
      (one) => `alter table ${name} add constraint ${identifier(one.name)} ${one.definition};`,
    ),
    ...of(access.indexes).map(({ definition }) => `${definition};`),
    ...(relation.rowSecurity ? [`alter table ${name} enable row level security;`] : []),
    ...(relation.forced ? [`alter table ${name} force row level security;`] : []),
    ...of(access.policies).map(printPolicy),
    ...printGrants('table', name, access),
    ...of(access.triggers).flatMap(printTrigger),
    ...of(access.rules).flatMap((rule) => [
      rule.definition,
      ...(rule.enabled ? [] : [`alter table ${name} disable rule ${identifier(rule.name)};`]),
    ]),
  ];
  return lines.join('\n');
}

function printCreate({ name, kind, options, query, columns }: AccessRelation): string {
  if (kind === 'sequence') return `create sequence ${name};`;
  const settings = options.length === 0 ? '' : ` with (${options.toSorted().join(', ')})`;
  // The columns of a view are in its query.
  if (query !== null) return `create ${kind} ${name}${settings} as\n${normaliseQuery(query)};`;
  return `create ${kind} ${name} (\n${columns.map((column) => `  ${printColumn(column)}`).join(',\n')}\n)${settings};`;
}

function printColumn(column: AccessColumn): string {
  return [
    identifier(column.name),
    column.type,
    ...(column.collation === null ? [] : [`collate ${column.collation}`]),
    ...(column.notNull ? ['not null'] : []),
    ...printValue(column),
  ].join(' ');
}

function printValue({ made, default: value }: AccessColumn): string[] {
  if (made === 'stored' || made === 'virtual') return [`generated always as (${value}) ${made}`];
  if (made !== null) return [`generated ${made.replace('identity ', '')} as identity`];
  return value === null ? [] : [`default ${value}`];
}

function printPolicy({ name, table, permissive, command, roles, using, check }: Policy): string {
  return [
    `create policy ${identifier(name)} on ${table}`,
    `as ${permissive ? 'permissive' : 'restrictive'} for ${command} to ${roles.map(identifier).toSorted().join(', ')}`,
    ...(using === null ? [] : [`using ${enclosed(using)}`]),
    ...(check === null ? [] : [`with check ${enclosed(check)}`]),
  ]
    .join('\n  ')
    .concat(';');
}

function printTrigger({ name, table, definition, fires }: AccessTrigger): string[] {
  const switches = { origin: '', replica: 'enable replica', always: 'enable always', disabled: 'disable' };
  return [
    `${definition};`,
    ...(fires === 'origin' ? [] : [`alter table ${table} ${switches[fires]} trigger ${identifier(name)};`]),
  ];
}

/** In parentheses, of which PostgreSQL has put a pair around all but the simplest. */
function enclosed(expression: string): string {
  // What is quoted may hold parentheses of its own.
  const bare = expression.replaceAll(/'(?:[^']|'')*'|"[^"]*"/g, (quoted) => '_'.repeat(quoted.length));
  let depth = 0;
  const end = [...bare].findIndex((sign) => {
    depth += sign === '(' ? 1 : sign === ')' ? -1 : 0;
    return depth === 0;
  });
  return end === bare.length - 1 && bare.startsWith('(') ? expression : `(${expression})`;
}
