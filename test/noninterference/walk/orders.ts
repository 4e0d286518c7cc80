/** Cursors of every order: a page that begins where a row of bob's stands, in each order that there is. */
import {
  getNamedType,
  getNullableType,
  type GraphQLArgument,
  type GraphQLEnumType,
  type GraphQLField,
  type GraphQLSchema,
  isEnumType,
  isListType,
  isObjectType,
} from 'graphql';
import type { Probe } from './inputs.ts';
import type { Provenance } from './send.ts';
import type { Found, Values } from './values.ts';

type Field = GraphQLField<unknown, unknown>;
type Order = { argument: GraphQLArgument; type: GraphQLEnumType };

/** The argument that orders what a field pages through; absent where there are no cursors. */
function orderOf(field: Field): Order | undefined {
  if (!field.args.some(isCursor)) return undefined;
  return field.args
    .filter(({ type }) => isListType(getNullableType(type)))
    .map((argument) => ({ argument, type: getNamedType(argument.type) }))
    .find((one): one is Order => isEnumType(one.type));
}

const isCursor = (argument: GraphQLArgument): boolean => getNamedType(argument.type).name === 'Cursor';

/** As a cursor of that order is called among the values, and in the coverage. */
const nameOf = (type: GraphQLEnumType, value: string): string => `cursor ${type.name}.${value}`;

/** What a page is asked with; its cursors, or undefined when it is refused. */
export type AskForCursors = (field: Field, given: Record<string, unknown>) => Promise<string[] | undefined>;

/** Asks for a page of each order, with nothing else or, where that is refused, with what goes with it; gives its cursors. */
export async function readCursors(
  schema: GraphQLSchema,
  companies: (field: Field, argument: GraphQLArgument) => Record<string, unknown>[],
  ask: AskForCursors,
): Promise<Found[]> {
  const found: Found[] = [];
  for (const field of Object.values(schema.getQueryType()!.getFields())) {
    const order = orderOf(field);
    for (const { name } of order?.type.getValues() ?? []) {
      for (const others of companies(field, order!.argument)) {
        const cursors = await ask(field, { ...others, [order!.argument.name]: [name] });
        if (!cursors) continue;
        found.push(...cursors.map((value) => ({ name: nameOf(order!.type, name), type: 'Cursor', value })));
        break;
      }
    }
  }
  return found;
}

/** For an argument that takes a cursor: one of each order, with that order beside it. */
export function probesByOrder(
  field: Field,
  argument: GraphQLArgument,
  values: Values,
  companies: (field: Field, argument: GraphQLArgument) => [note: string, others: Record<string, unknown>][],
): { probe: Probe; others: Record<string, unknown>; note: string }[] {
  const order = isCursor(argument) ? orderOf(field) : undefined;
  return (order?.type.getValues() ?? []).flatMap(({ name }) =>
    (['own', 'foreign'] satisfies Provenance[]).flatMap((from) =>
      values.draw(from, 'Cursor', [nameOf(order!.type, name)], 1).flatMap((value) =>
        companies(field, order!.argument).map(([note, others]) => ({
          probe: { value, from, at: ` by ${name}`, covers: [{ what: nameOf(order!.type, name), from }] },
          others: { ...others, [order!.argument.name]: [name] },
          note,
        })),
      ),
    ),
  );
}

/** Every order that there are cursors of, as the coverage names them. */
export function orderPlaces(schema: GraphQLSchema): string[] {
  const fields = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .flatMap((type) => Object.values(type.getFields()));
  const orders = fields.map(orderOf).filter((order) => order !== undefined);
  return [...new Set(orders.flatMap(({ type }) => type.getValues().map(({ name }) => nameOf(type, name))))];
}
