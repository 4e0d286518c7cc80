/** What is asked of an answer: everything that a type has, some levels deep, with arguments where they are required. */
import {
  getNamedType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { baseOf, shapeOf } from './inputs.ts';
import type { Cover } from './send.ts';
import type { Values } from './values.ts';

/** The variables of a document, and what it covers, collected while it is written. */
export type Draft = { variables: { type: string; value: unknown }[]; covers: Cover[] };

export const newDraft = (): Draft => ({ variables: [], covers: [] });

/** Names a variable with that value; gives `$v0`. */
export function variable(draft: Draft, argument: GraphQLArgument, value: unknown): string {
  draft.variables.push({ type: String(argument.type), value });
  return `$v${draft.variables.length - 1}`;
}

/** The document round a selection, and its variables. */
export function finish(
  draft: Draft,
  kind: string,
  selection: string,
): { query: string; variables: Record<string, unknown> } {
  const declared = draft.variables.map(({ type }, at) => `$v${at}: ${type}`).join(', ');
  const variables = Object.fromEntries(draft.variables.map(({ value }, at) => [`v${at}`, value]));
  return { query: `${kind} ${declared && `(${declared}) `}{ ${selection} }`, variables };
}

export type Selecting = { schema: GraphQLSchema; values: Values; draft: Draft };

/** Everything of a type; below the depth, and of a type within itself, what is no object. */
export function selectAll(
  selecting: Selecting,
  type: GraphQLNamedType,
  depth: number,
  within: readonly string[] = [],
): string {
  if (isAbstractType(type)) return selectEach(selecting.schema.getPossibleTypes(type));
  if (!isObjectType(type)) return '';
  const fields = Object.values(type.getFields()).filter((field) => {
    const isComposite = isCompositeType(getNamedType(field.type));
    // At the last step only what comes without asking further.
    if (depth <= 1 && field.args.some(isRequiredArgument)) return false;
    return !isComposite || (depth > 0 && !within.includes(type.name));
  });
  return fields.map((field) => selectField(selecting, type, field, depth, within)).join(' ') || '__typename';
}

function selectField(
  selecting: Selecting,
  type: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  depth: number,
  within: readonly string[],
): string {
  const { draft, values } = selecting;
  const required = field.args.filter(isRequiredArgument).map((argument) => ({
    argument,
    value: baseOf(shapeOf(argument.type), [argument.name], values),
  }));
  // Before anything is known of the rows there is no id to ask for.
  if (required.some(({ value }) => value === undefined)) return '';
  draft.covers.push({ what: `field ${type.name}.${field.name}`, from: 'own' });
  const passed = required.map(({ argument, value }) => `${argument.name}: ${variable(draft, argument, value)}`);
  const inner = getNamedType(field.type);
  const selection = isCompositeType(inner)
    ? ` { ${selectAll(selecting, inner, depth - 1, [...within, type.name])} }`
    : '';
  return `${field.name}${passed.length > 0 ? `(${passed.join(', ')})` : ''}${selection}`;
}

/** Of an interface: the fields of each type, under other names where two types have a field of one name in different types. */
function selectEach(types: readonly GraphQLObjectType[]): string {
  const parts = types.map((type) => {
    const fields = Object.values(type.getFields()).filter(
      (field) => !isCompositeType(getNamedType(field.type)) && field.args.length === 0,
    );
    const names = fields.map(({ name, type: given }) => {
      const clashes = types.some(
        (other) => other.getFields()[name] && String(other.getFields()[name]!.type) !== String(given),
      );
      return clashes ? `${type.name}_${name}: ${name}` : name;
    });
    return `... on ${type.name} { ${names.join(' ')} }`;
  });
  return `__typename ${parts.join(' ')}`;
}
