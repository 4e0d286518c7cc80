/** Mutants of functions: of the helpers that say who is asking, and of the rights with which functions run. */
import { deparseSync, parseSync } from 'pgsql-parser';
import pg from 'pg';
import type { Catalog, SqlFunction } from '../catalog.ts';
import { nodesOf, rewrite, type Node } from '../expression.ts';
import { type Mutant } from './mutant.ts';

/**
 * Mutants of every function.
 * @param sub a subject: what a helper that always says the same says
 */
export const functionMutants = (catalog: Catalog, sub: string): Mutant[] =>
  catalog.functions.flatMap((one) => [
    ...(isHelper(one, catalog) ? [...constant(one, sub), ...ignoringEmpty(one)] : []),
    ...rights(one),
  ]);

/** Policies and defaults call it, or it reads a setting: it says who is asking. */
function isHelper({ name, returns, definition }: SqlFunction, { policies, relations }: Catalog): boolean {
  const called = `${name.slice(0, name.indexOf('('))}(`;
  const texts = [
    ...policies.flatMap(({ using, check }) => [using, check]),
    ...relations.flatMap(({ columns }) => columns.map((column) => column.default)),
  ];
  return (
    returns !== 'trigger' && (definition.includes('current_setting(') || texts.some((text) => text?.includes(called)))
  );
}

/** The header of `create or replace function`, in language sql, and another body. */
function withBody({ definition }: SqlFunction, body: string): string {
  const header = definition
    .slice(0, definition.search(/^(AS |BEGIN ATOMIC|RETURN )/m))
    .replace(/^ LANGUAGE \w+/m, ' LANGUAGE sql');
  return `${header}AS $mutant$ ${body} $mutant$;`;
}

function constant(one: SqlFunction, sub: string): Mutant[] {
  const { name, returns } = one;
  const id = /^[0-9a-f-]{36}$/i.test(sub) ? sub : '00000000-0000-7000-8000-000000000000';
  const constants: Record<string, string> = {
    boolean: 'true',
    text: sub,
    'character varying': sub,
    name: sub,
    uuid: id,
  };
  const value = constants[returns] === undefined ? undefined : `${pg.escapeLiteral(constants[returns])}::${returns}`;
  const [what, body] = returns.startsWith('SETOF ')
    ? ['returns nothing', `select null::${returns.slice('SETOF '.length)} where false`]
    : value === undefined
      ? ['returns null', `select null::${returns}`]
      : [`always returns ${value}`, `select ${value}`];
  return [
    {
      id: `${name}: ${what}`,
      object: name,
      command: 'helper',
      sql: withBody(one, body),
      scene: 'what it returns for one user, for another and for nobody',
    },
  ];
}

/** Without `nullif(…, '')`: a setting that was once set locally reads as '' for the rest of the connection's life. */
function ignoringEmpty(one: SqlFunction): Mutant[] {
  const body = /^AS \$(\w*)\$([\s\S]*)\$\1\$/m.exec(one.definition)?.[2];
  if (one.language !== 'sql' || body === undefined) return [];
  const tree = parseSync(body);
  const guards = [...nodesOf(tree.stmts)].filter((node) => 'A_Expr' in node && node.A_Expr.kind === 'AEXPR_NULLIF');
  return guards.map((guard, index) => ({
    id: `${one.name}: does not heed the empty string${guards.length > 1 ? ` (${index + 1})` : ''}`,
    object: one.name,
    command: 'helper',
    sql: withBody(
      one,
      deparseSync(rewrite(tree, (node) => (node === guard ? (guard as Nullif).A_Expr.lexpr : undefined))),
    ),
    scene: 'it returns null when its setting is empty, not only when it was never set',
  }));
}

type Nullif = { A_Expr: { lexpr: Node } };

function rights({ name, definer, settings, kind }: SqlFunction): Mutant[] {
  const mutant = (what: string, action: string, scene: string): Mutant => ({
    id: `${name}: ${what}`,
    object: name,
    command: 'rights',
    sql: `alter ${kind} ${name} ${action};`,
    scene,
  });
  return [
    ...(definer
      ? []
      : [
          mutant(
            "runs with its owner's rights",
            'security definer',
            'it runs with the rights of whoever calls it (isnt_definer)',
          ),
        ]),
    ...(settings.some((setting) => setting.startsWith('search_path='))
      ? [mutant('search path not pinned', 'reset search_path', 'its search path is pinned (pg_proc.proconfig)')]
      : []),
  ];
}
