/** What there is to reach, counted from the schema itself, and what was reached: by which values, and answered how often. */
import {
  getNamedType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
} from 'graphql';
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
/** What says how much to show, and not of whom, has no value that is somebody's. */
const isOwned = (type: GraphQLNamedType): boolean => !isEnumType(type);

/** Every field, argument, input field and enum value of a schema that requests can use; what stands in subscriptions has its own test. */
export function placesOf(schema: GraphQLSchema): Place[] {
  const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
  const subscription = schema.getSubscriptionType();
  const onlyTold = new Set([
    subscription?.name,
    ...Object.values(subscription?.getFields() ?? {}).map(({ type }) => getNamedType(type).name),
  ]);
  const inputs = new Set<string>();
  return types.flatMap((type): Place[] => {
    if (isObjectType(type) && !onlyTold.has(type.name)) {
      return Object.values(type.getFields()).flatMap((field) => [
        { what: `field ${type.name}.${field.name}`, takes: ownOnly },
        ...field.args.map((argument) => {
          const inner = getNamedType(argument.type);
          inputs.add(inner.name);
          return {
            what: `argument ${type.name}.${field.name}(${argument.name})`,
            takes: isOwned(inner) ? all : (['own', 'garbage'] as const),
          };
        }),
      ]);
    }
    if (isInputObjectType(type)) {
      return Object.values(type.getFields()).map((field) => ({
        what: `input ${type.name}.${field.name}`,
        takes: isOwned(getNamedType(field.type)) ? all : (['own', 'garbage'] as const),
      }));
    }
    if (isEnumType(type) && isGiven(schema, type)) {
      return type.getValues().map(({ name }) => ({ what: `value ${type.name}.${name}`, takes: ownOnly }));
    }
    // Reached by the fields of the types that have it.
    if (isInterfaceType(type) || isScalarType(type)) return [];
    return [];
  });
}

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
