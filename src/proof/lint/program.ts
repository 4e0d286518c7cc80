/**
 * A function's source as PostgreSQL's own parsers read it (libpg-query): which values of rows end up in what it raises and notifies.
 * Each variable carries the columns it was filled from, in whatever order the statements stand. Knows nothing of the catalog.
 */
import { type Node, nodesOf, printExpression } from '../expression.ts';
import { parsePlPgSQLSync, parseSync } from '../parser.ts';

/**
 * `carried`: the columns whose values are in the expression; `*` for a whole row. `unread`: the source of PL/pgSQL does not parse, and
 * `expression` is why.
 */
export type Told = { via: 'raise' | 'notify' | 'unread'; expression: string; carried: string[] };
export type Program = { told: Told[]; mentions: { schema?: string; relation: string }[] };

/** A tree of libpg-query: nodes of SQL or of PL/pgSQL, of which only what is asked for below is known. */
type Tree = any;
/** Names of variables, and the columns that each carries; those that carry none are there too. */
type Scope = Map<string, Set<string>>;

/** PL/pgSQL's numbers for the options of `raise` that the reader of an error sees: message, detail, hint. */
const shownOptions = [1, 2, 3];

/**
 * What the function tells.
 * @param definition in PL/pgSQL the whole `create function`, in SQL the body
 */
export function readProgram(given: { language: string; definition: string; parameters: string[] }): Program {
  if (given.language === 'sql') {
    const scope: Scope = new Map(given.parameters.map((name) => [name, new Set()]));
    const trees = statements(given.definition);
    return { told: trees.flatMap((tree) => notified(tree, scope)), mentions: trees.flatMap(mentioned) };
  }
  const body = readPlpgsql(given.definition);
  if (typeof body === 'string') return { told: [{ via: 'unread', expression: body, carried: [] }], mentions: [] };
  const expressions = partsOf(body.action, 'PLpgSQL_expr').concat(partsOf(body.datums, 'PLpgSQL_expr'));
  const trees = expressions.flatMap(treeOf);
  // A writer's error may hold the row that the writer wrote; a notification may not.
  const [raising, notifying] = [scopeOf(body, []), scopeOf(body, ['new', 'old'])];
  return {
    told: [
      ...partsOf(body.action, 'PLpgSQL_stmt_raise').flatMap((raise) => raised(raise, raising)),
      ...trees.flatMap((tree) => notified(tree, notifying)),
      ...partsOf(body.action, 'PLpgSQL_stmt_dynexecute').flatMap((execute) => notifiedByText(execute, notifying)),
    ],
    mentions: trees.flatMap(mentioned),
  };
}

/** The tree, or why there is none. The parser knows no catalog, so that to it a `%rowtype` is no record unless it is told. */
function readPlpgsql(definition: string): Tree {
  const source = definition.replace(/(?:"[^"]+"|[\w$]+)(?:\.(?:"[^"]+"|[\w$]+))*\s*%\s*rowtype\b/gi, 'record');
  try {
    return (parsePlPgSQLSync(source) as Tree).plpgsql_funcs[0].PLpgSQL_function;
  } catch (error) {
    return (error as Error).message;
  }
}

function statements(sql: string): Tree[] {
  try {
    return (parseSync(sql) as Tree).stmts?.map(({ stmt }: Tree) => stmt) ?? [];
  } catch {
    return [];
  }
}

/** All parts of this kind in a tree of PL/pgSQL. */
function partsOf(tree: Tree, kind: string): Tree[] {
  if (tree === null || typeof tree !== 'object') return [];
  return Object.entries(tree).flatMap(([key, part]) => [...(key === kind ? [part] : []), ...partsOf(part, kind)]);
}

/** The statement that an expression of PL/pgSQL is run as: modes 0 a statement, 2 an expression, 3 to 5 an assignment. */
function treeOf({ query, parseMode }: { query: string; parseMode: number }): Tree[] {
  if (parseMode === 0) return statements(query);
  const value = parseMode === 2 ? query : query.replace(/^[^=]*?:?=/, '');
  return statements(`select ${value}`);
}

function scopeOf({ datums, action }: Tree, records: string[]): Scope {
  const variables: Tree[] = datums.map((datum: Tree) => Object.values(datum)[0]);
  // A number of 0 is left out of the tree.
  const nameAt = (index = 0): string =>
    variables[index].refname ?? variables[variables[index].recparentno ?? 0].refname;
  const scope: Scope = new Map(variables.flatMap(({ refname }) => (refname ? [[refname, new Set<string>()]] : [])));
  for (const record of records) if (scope.has(record)) scope.get(record)!.add('*');

  const carry = (name: string, columns: string[]) =>
    columns.forEach((column) => scope.get(name.split('.', 1)[0]!)?.add(column));
  const fill = (target: Tree, [tree]: Tree[]) => {
    if (target === undefined || tree === undefined) return;
    const values = outputsOf(tree).map((value) => carriedBy(value, scope, readsFrom(tree)));
    if (target.PLpgSQL_row === undefined) carry((Object.values(target)[0] as Tree).refname, values.flat());
    else {
      const fields: Tree[] = target.PLpgSQL_row.fields;
      fields.forEach(({ name }, index) =>
        carry(name, values.length === fields.length ? values[index]! : values.flat()),
      );
    }
  };
  // A variable may have its value from one that is filled further down, in a loop: so over again, for chains of three.
  for (let round = 0; round < 3; round += 1) {
    for (const { refname, default_val: preset } of variables) {
      if (preset) carry(refname, carriedBy(treeOf(preset.PLpgSQL_expr), scope, false));
    }
    for (const { varno, expr } of partsOf(action, 'PLpgSQL_stmt_assign')) {
      carry(nameAt(varno), carriedBy(treeOf(expr.PLpgSQL_expr), scope, false));
    }
    for (const { varno, expr } of partsOf(action, 'PLpgSQL_stmt_foreach_a')) {
      carry(nameAt(varno), carriedBy(treeOf(expr.PLpgSQL_expr), scope, false));
    }
    for (const { sqlstmt, target } of partsOf(action, 'PLpgSQL_stmt_execsql')) {
      fill(target, treeOf(sqlstmt.PLpgSQL_expr));
    }
    for (const loop of partsOf(action, 'PLpgSQL_stmt_fors')) fill(loop.var, treeOf(loop.query.PLpgSQL_expr));
    for (const { target, var: loopVariable } of [
      ...partsOf(action, 'PLpgSQL_stmt_dynexecute'),
      ...partsOf(action, 'PLpgSQL_stmt_dynfors'),
      ...partsOf(action, 'PLpgSQL_stmt_forc'),
      ...partsOf(action, 'PLpgSQL_stmt_fetch'),
    ]) {
      // What text is executed is known only then; what a cursor reads is not followed.
      fill(target ?? loopVariable, statements('select * from unknown'));
    }
  }
  return scope;
}

/** The values that a statement gives: those of a `select`, or of `returning`. */
function outputsOf(tree: Tree): Tree[] {
  const statement = Object.values(tree)[0] as Tree;
  const { returningList, returningClause, targetList } = statement;
  if ('SelectStmt' in tree)
    return statement.op === 'SETOP_NONE' ? (targetList ?? []) : outputsOf({ SelectStmt: statement.larg });
  return returningList ?? returningClause?.exprs ?? [];
}

const readsFrom = (tree: Tree): boolean => partsOf(tree, 'RangeVar').length + partsOf(tree, 'relation').length > 0;

/** The columns whose values are in an expression. `reading`: it stands in a query, where a name that is no variable is a column. */
function carriedBy(tree: Tree, scope: Scope, reading: boolean): string[] {
  if (tree === null || typeof tree !== 'object') return [];
  if (tree.ColumnRef !== undefined) return columnsOf(tree.ColumnRef.fields, scope, reading);
  if (tree.SubLink !== undefined) {
    if (tree.SubLink.subLinkType === 'EXISTS_SUBLINK') return [];
    return outputsOf(tree.SubLink.subselect).flatMap((value) => carriedBy(value, scope, true));
  }
  // How many is not what.
  if (tree.FuncCall?.funcname.at(-1).String.sval === 'count') return [];
  if (tree.SelectStmt !== undefined)
    return outputsOf(tree).flatMap((value) => carriedBy(value, scope, reading || readsFrom(tree)));
  return Object.values(tree).flatMap((part) => carriedBy(part, scope, reading));
}

function columnsOf(fields: Tree[], scope: Scope, reading: boolean): string[] {
  const names = fields.map((field) => (field.String?.sval as string | undefined) ?? '*');
  const carried = scope.get(names[0]!);
  if (carried === undefined) return reading ? [names.at(-1)!] : [];
  if (names.length === 1) return [...carried];
  return carried.size > 0 ? [names.at(-1)!] : [];
}

function raised({ params = [], options = [] }: Tree, scope: Scope): Told[] {
  const shown = options.filter(({ PLpgSQL_raise_option: option }: Tree) => shownOptions.includes(option.opt_type));
  return [...params, ...shown.map(({ PLpgSQL_raise_option: option }: Tree) => option.expr)].flatMap(
    ({ PLpgSQL_expr: expr }) => {
      const carried = carriedBy(treeOf(expr), scope, false);
      return carried.length > 0 ? [{ via: 'raise' as const, expression: expr.query, carried }] : [];
    },
  );
}

function notified(tree: Tree, scope: Scope): Told[] {
  return [...nodesOf(tree)].flatMap((node) => {
    const call = 'FuncCall' in node ? (node.FuncCall as Tree) : undefined;
    if (call?.funcname.at(-1).String.sval !== 'pg_notify') return [];
    const payload: Node = call.args[1];
    const carried = carriedBy(payload, scope, readsFrom(tree));
    return carried.length > 0 ? [{ via: 'notify' as const, expression: printExpression(payload), carried }] : [];
  });
}

/** `execute format('notify changes, %L', new.title)`. */
function notifiedByText({ query, params = [] }: Tree, scope: Scope): Told[] {
  const given = [query, ...params].map(({ PLpgSQL_expr: expr }: Tree) => expr);
  if (!/\bnotify\b/i.test(given[0].query)) return [];
  const carried = given.flatMap((expr) => carriedBy(treeOf(expr), scope, false));
  return carried.length > 0 ? [{ via: 'notify', expression: given[0].query, carried }] : [];
}

const mentioned = (tree: Tree): Program['mentions'] =>
  [...partsOf(tree, 'RangeVar'), ...partsOf(tree, 'relation')].map(({ schemaname: schema, relname: relation }) => ({
    schema,
    relation,
  }));
