/** Mutants of functions: of the helpers that say who is asking, and of the rights with which functions run. */
import pg from 'pg';
import type { Catalog, SqlFunction } from '../catalog.ts';
import { nodesOf, rewrite, type Node } from '../expression.ts';
import { deparseSync, parseSync } from '../parser.ts';
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

/** Policies and defaults call it, or it reads a setting: it says who is asking. Not a procedure: that does things. */
function isHelper({ name, kind, returns, definition }: SqlFunction, { policies, relations }: Catalog): boolean {
  const called = `${name.slice(0, name.indexOf('('))}(`;
  const texts = [
    ...policies.flatMap(({ using, check }) => [using, check]),
    ...relations.flatMap(({ columns }) => columns.map((column) => column.default)),
  ];
  return (
    kind === 'function' &&
    !/^(event_)?trigger$/.test(returns) &&
    (definition.includes('current_setting(') || texts.some((text) => text?.includes(called)))
  );
}

/** The header of `create or replace function`, and another body. */
function withBody({ definition }: SqlFunction, body: string, language = 'sql'): string {
  const header = definition.slice(0, bodyOf(definition).start).replace(/^ LANGUAGE \w+/m, ` LANGUAGE ${language}`);
  return `${header}AS $mutant$ ${body} $mutant$;`;
}

/** Where the body begins in what PostgreSQL prints, and its text as statements; without, it is in a library. */
function bodyOf(definition: string): { start: number; text?: string } {
  const start = definition.search(/^(AS |BEGIN ATOMIC|RETURN )/m);
  const rest = definition.slice(start);
  const text =
    /^AS \$(\w*)\$([\s\S]*)\$\1\$/.exec(rest)?.[2] ??
    /^BEGIN ATOMIC([\s\S]*)END\s*$/.exec(rest)?.[1] ??
    /^RETURN ([\s\S]*)$/.exec(rest)?.[1]?.replace(/^/, 'select ');
  return { start, text };
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
  const nothing = /^(SETOF |TABLE\()/.test(returns) ? 'returns nothing' : 'returns null';
  // What has columns (`out`, `returns table`) is left as it is by plpgsql, whatever their types.
  const [what, sql] = /^(SETOF record|record|TABLE\(.*\))$/s.test(returns)
    ? [nothing, withBody(one, 'begin return; end', 'plpgsql')]
    : returns.startsWith('SETOF ')
      ? [nothing, withBody(one, `select null::${returns.slice('SETOF '.length)} where false`)]
      : value === undefined
        ? [nothing, withBody(one, `select null::${returns}`)]
        : [`always returns ${value}`, withBody(one, `select ${value}`)];
  return [
    {
      id: `${name}: ${what}`,
      object: name,
      command: 'helper',
      sql,
      scene: 'what it returns for one user, for another and for nobody',
    },
  ];
}

/** Without `nullif(…, '')`: a setting that was once set locally reads as '' for the rest of the connection's life. */
function ignoringEmpty(one: SqlFunction): Mutant[] {
  const { text } = bodyOf(one.definition);
  if (text === undefined) return [];
  const bodies = one.language === 'sql' ? withoutGuards(text) : one.language === 'plpgsql' ? withoutCalls(text) : [];
  return bodies.map((body, index) => ({
    id: `${one.name}: does not heed the empty string${bodies.length > 1 ? ` (${index + 1})` : ''}`,
    object: one.name,
    command: 'helper',
    sql: withBody(one, body, one.language),
    scene: 'it returns null when its setting is empty, not only when it was never set',
  }));
}

/** The statements, each time without one of the guards. */
function withoutGuards(text: string): string[] {
  const tree = parseSync(text);
  return [...nodesOf(tree.stmts)].flatMap((node) =>
    'A_Expr' in node && node.A_Expr.kind === 'AEXPR_NULLIF' && isEmpty(node.A_Expr.rexpr)
      ? deparseSync(rewrite(tree, (other) => (other === node ? node.A_Expr.lexpr : undefined)))
      : [],
  );
}

/** Likewise in plpgsql, whose statements are not those of SQL: where a call ends is told by its parentheses. */
function withoutCalls(text: string): string[] {
  return [...text.matchAll(/\bnullif\s*(?=\()/gi)].flatMap(({ index, 0: name }) => {
    const call = /^\((?:[^()']|'(?:[^']|'')*'|\((?:[^()']|'(?:[^']|'')*'|\([^()]*\))*\))*\)/.exec(
      text.slice(index + name.length),
    )?.[0];
    const guarded = call === undefined ? undefined : /^\(([\s\S]*),\s*''(?:::\w+)?\s*\)$/.exec(call)?.[1];
    const isComment = /--[^\n]*$/.test(text.slice(0, index));
    if (call === undefined || guarded === undefined || isComment) return [];
    return `${text.slice(0, index)}(${guarded})${text.slice(index + name.length + call.length)}`;
  });
}

/** `''`, also with a cast. */
function isEmpty(node: Node | undefined): boolean {
  if (node === undefined) return false;
  if ('TypeCast' in node) return isEmpty(node.TypeCast.arg);
  return 'A_Const' in node && node.A_Const.sval !== undefined && !node.A_Const.sval.sval;
}

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
