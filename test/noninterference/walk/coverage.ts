/** What there is to reach, counted from the schema itself, and what was reached: by which values, and answered how often. */
import {
  getNamedType,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isObjectType,
} from 'graphql';
import { orderPlaces } from './orders.ts';
import type { Cover, Provenance } from './send.ts';

export type Coverage = {
  /** Notes what a request of alice's reached; `isAnswered` when it was not refused. */
  note(covers: readonly Cover[], isAnswered: boolean): void;
  /** What is missing: not reached at all, not by each kind of value, or never answered. */
  missing(): string[];
  /** One line for each kind of thing: how many there are, were reached, and were answered. */
  report(): string[];
};

/** A place to reach, and which kinds of values it takes. */
export type Place = { what: string; takes: readonly Provenance[] };

const all: Provenance[] = ['own', 'foreign', 'garbage'];
const ownOnly: Provenance[] = ['own'];
/** Every field, argument, input field, enum value and order of a schema that queries and mutations can use. */
export function placesOf(schema: GraphQLSchema): Place[] {
  const told = new Set<GraphQLNamedType>(typesOfSubscriptions(schema));
  return Object.values(schema.getTypeMap())
    .filter((type) => !type.name.startsWith('__') && !told.has(type))
    .flatMap((type): Place[] => {
      if (isObjectType(type)) return placesOfFields(type);
      if (isInputObjectType(type)) {
        return Object.values(type.getFields()).map((field) => ({
          what: `input ${type.name}.${field.name}`,
          takes: takenBy(field.type),
        }));
      }
      if (isEnumType(type) && isGiven(schema, type)) {
        return type.getValues().map(({ name }) => ({ what: `value ${type.name}.${name}`, takes: ownOnly }));
      }
      // Scalars are in all of these, interfaces are reached by the fields of the types that have them.
      return [];
    })
    .concat(orderPlaces(schema).map((what) => ({ what, takes: ['own', 'foreign'] })));
}

/** The same of subscriptions, and of what is only told. */
export const toldPlacesOf = (schema: GraphQLSchema): Place[] => typesOfSubscriptions(schema).flatMap(placesOfFields);

/** The root of subscriptions, and the types that only they answer with. */
function typesOfSubscriptions(schema: GraphQLSchema): GraphQLObjectType[] {
  const root = schema.getSubscriptionType();
  const answers = Object.values(root?.getFields() ?? {}).map(({ type }) => getNamedType(type));
  return [...new Set<unknown>([root, ...answers])].filter(isObjectType);
}

const placesOfFields = (type: GraphQLObjectType): Place[] =>
  Object.values(type.getFields()).flatMap((field) => [
    { what: `field ${type.name}.${field.name}`, takes: ownOnly },
    ...field.args.map((argument) => ({
      what: `argument ${type.name}.${field.name}(${argument.name})`,
      takes: takenBy(argument.type),
    })),
  ]);

/** What says how much to show, and not of whom, has no value that is somebody's. */
const takenBy = (type: GraphQLInputType): readonly Provenance[] =>
  isEnumType(getNamedType(type)) ? ['own', 'garbage'] : all;

/** Whether something takes it, or it is only in answers. */
function isGiven(schema: GraphQLSchema, type: GraphQLNamedType): boolean {
  return Object.values(schema.getTypeMap()).some(
    (other) =>
      (isInputObjectType(other) &&
        Object.values(other.getFields()).some((field) => getNamedType(field.type) === type)) ||
      (isObjectType(other) &&
        Object.values(other.getFields()).some(({ args }) =>
          args.some((argument) => getNamedType(argument.type) === type),
        )),
  );
}

/** Counts for those places. */
export function createCoverage(places: Place[]): Coverage {
  const reached = new Map<string, { from: Set<Provenance>; times: number; answered: number }>();
  const of = (what: string) => reached.get(what) ?? { from: new Set<Provenance>(), times: 0, answered: 0 };
  const kinds = [...new Set(places.map(({ what }) => what.split(' ')[0]!))];

  return {
    note(covers, isAnswered) {
      const times = new Set(covers.map(({ what }) => what));
      for (const { what, from } of covers) {
        const entry = of(what);
        entry.from.add(from);
        if (times.delete(what)) {
          entry.times += 1;
          entry.answered += isAnswered ? 1 : 0;
        }
        reached.set(what, entry);
      }
    },
    missing: () =>
      places.flatMap(({ what, takes }) => {
        const { from, times, answered } = of(what);
        if (times === 0) return [`${what}: never reached`];
        return [
          ...takes.filter((kind) => !from.has(kind)).map((kind) => `${what}: given no value that is ${kind}`),
          ...(answered === 0 ? [`${what}: never answered without error`] : []),
        ];
      }),
    report: () =>
      kinds.map((kind) => {
        const here = places.filter(({ what }) => what.startsWith(`${kind} `)).map(({ what }) => of(what));
        const times = here.reduce((sum, entry) => sum + entry.times, 0);
        const number = (is: (entry: { times: number; answered: number }) => boolean) => here.filter(is).length;
        return `${kind}: ${here.length}, reached ${number((entry) => entry.times > 0)}, answered ${number((entry) => entry.answered > 0)} (${times} times)`;
      }),
  };
}
