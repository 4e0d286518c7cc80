/**
 * Finds what of a request the database refused (C-42): every value that breaks a rule, with its place in the arguments. Runs only after a
 * refusal, so it costs nothing when all is well.
 */
import type pg from 'pg';
import {
  type ExecutionArgs,
  getArgumentValues,
  getNamedType,
  getOperationAST,
  getVariableValues,
  type GraphQLError,
  type GraphQLInputType,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
} from 'postgraphile/graphql';
import type { ConstraintRules, Rule } from '../database/constraint-rules.ts';
import type { ErrorDetails } from '../errors.ts';

/** One refused value. */
type Entry = Pick<Rule, 'rule' | 'limit' | 'message'> & {
  /** Where it is: `input.tasks.3.title`. */
  field: string;
};

/** A part of the arguments that describes a row of a table. */
type Row = { path: string; table: string; fields: Record<string, string>; values: Record<string, unknown> };

const checkViolation = '23514';
const notNullViolation = '23502';
const uniqueViolation = '23505';
const invalidCharacter = '22021';

/**
 * The details for the client of an error that PostgreSQL raised while the operation was executed, or undefined when there are none: one entry
 * for each refused field; or the id that is taken.
 */
export async function refusedValues(
  error: GraphQLError,
  cause: pg.DatabaseError,
  operation: ExecutionArgs,
  rules: ConstraintRules,
): Promise<ErrorDetails | undefined> {
  const argumentsOfField = readArguments(error, operation);
  if (!argumentsOfField) return undefined;
  const { rows, texts } = argumentsOfField;

  switch (cause.code) {
    case invalidCharacter:
      return texts
        .filter(({ text }) => text.includes('\0'))
        .map(({ path }) => ({ field: path, rule: 'characters', message: 'A text cannot hold the character NUL.' }));

    case uniqueViolation: {
      // Keys start with the owner: what is taken is an id of the caller's own. (PostgreSQL does not name it under row-level security.)
      const taken = rows.find(({ table, values }) => cause.constraint === `${table}_pkey` && values.id !== undefined);
      return taken && { id: taken.values.id };
    }

    case checkViolation:
    case notNullViolation: {
      const table = cause.table ?? '';
      const written = rows.filter((row) => row.table === table);
      const broken = await rules.brokenBy(
        table,
        written.map(({ values }) => values),
      );
      const entries = written.flatMap((row, index) => broken[index]!.flatMap((rule) => toEntry(rule, row) ?? []));
      if (entries.length > 0) return oneForEachField(entries);
      // Not a value of a row: an argument of the same name.
      const rule = rules.ruleOf(cause);
      const place = texts.find(({ path }) => rule?.columns.includes(path.split('.').at(-1)!));
      return rule && [{ field: place?.path ?? rule.columns.join(' '), ...publicPart(rule) }];
    }

    default:
      return undefined;
  }
}

const publicPart = ({ rule, limit, message }: Rule) => ({ rule, ...(limit && { limit }), message });

function toEntry(rule: Rule, { path, fields }: Row): Entry | undefined {
  const field = rule.columns.map((column) => fields[column]).find((name) => name !== undefined);
  return field === undefined ? undefined : { field: `${path}.${field}`, ...publicPart(rule) };
}

const oneForEachField = (entries: Entry[]): Entry[] =>
  [...new Map(entries.toReversed().map((entry) => [entry.field, entry])).values()].toReversed();

/** The rows and texts in the arguments of the root field where the error arose. */
function readArguments(error: GraphQLError, { schema, document, operationName, variableValues }: ExecutionArgs) {
  const node = error.nodes?.[0];
  const type = schema.getMutationType();
  if (node?.kind !== Kind.FIELD || !type || error.path?.length !== 1) return undefined;
  const field = type.getFields()[node.name.value];
  if (!field) return undefined;

  const rows: Row[] = [];
  const texts: { path: string; text: string }[] = [];
  // As the client sent them: enums by their names, defaults not filled in.
  const declared = getOperationAST(document, operationName)?.variableDefinitions ?? [];
  const { coerced } = getVariableValues(schema, declared, variableValues ?? {});
  const given = getArgumentValues(field, node, coerced);
  for (const { name, type } of field.args) walk(given[name], type, name);
  return { rows, texts };

  function walk(value: unknown, type: GraphQLInputType, path: string): void {
    if (isNonNullType(type)) return walk(value, type.ofType, path);
    if (typeof value === 'string') texts.push({ path, text: value });
    if (typeof value !== 'object' || value === null) return;
    if (isListType(type)) {
      return [value].flat().forEach((item, index) => walk(item, type.ofType, `${path}.${index}`));
    }
    const named = getNamedType(type);
    if (!isInputObjectType(named)) return;

    const { pgTable } = named.extensions;
    const row: Row | undefined = pgTable ? { path, table: pgTable, fields: {}, values: {} } : undefined;
    for (const [name, inner] of Object.entries(value)) {
      const field = named.getFields()[name]!;
      const { pgColumn } = field.extensions;
      if (row && pgColumn) {
        row.fields[pgColumn] = name;
        row.values[pgColumn] = inner;
      }
      walk(inner, field.type, `${path}.${name}`);
    }
    if (row) rows.push(row);
  }
}
