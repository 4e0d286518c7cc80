/** From the type of an input to values for it, until each field of it has been given something own, something foreign, and garbage. */
import {
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
} from 'graphql';
import type { Cover, Provenance } from './send.ts';
import type { Values } from './values.ts';

/** What can be sent somewhere, in GraphQL or in JSON. */
export type Shape =
  | { kind: 'scalar'; type: string }
  | { kind: 'enum'; name: string; values: readonly unknown[] }
  | { kind: 'list'; of: Shape }
  | { kind: 'object'; name: string; fields: () => [name: string, field: { shape: Shape; isRequired: boolean }][] }
  | { kind: 'choice'; of: Shape[] };

/** A value for a place, and what it reaches there. `at` is the way to what was tried: `.filter.title.equalTo`. */
export type Probe = { value: unknown; from: Provenance; at: string; covers: Cover[] };

/** The shape of a type of the schema. */
export function shapeOf(type: GraphQLInputType): Shape {
  if (isNonNullType(type)) return shapeOf(type.ofType);
  if (isListType(type)) return { kind: 'list', of: shapeOf(type.ofType) };
  if (isEnumType(type)) return { kind: 'enum', name: type.name, values: type.getValues().map(({ name }) => name) };
  if (!isInputObjectType(type)) return { kind: 'scalar', type: type.name };
  return {
    kind: 'object',
    name: type.name,
    fields: () =>
      Object.values(type.getFields()).map((field) => [
        field.name,
        { shape: shapeOf(field.type), isRequired: isRequiredInputField(field) },
      ]),
  };
}

const provenances: Provenance[] = ['own', 'foreign', 'garbage'];

/** How many values of each provenance a scalar is given; what is true or false of somebody's rows, both. */
const perScalar = (from: Provenance, type: string): number => (from === 'own' && type !== 'Boolean' ? 1 : 2);

/** All that is tried at a place. A type within itself is tried with the first of its fields. */
export function probesOf(
  shape: Shape,
  path: readonly string[],
  values: Values,
  within: readonly string[] = [],
): Probe[] {
  switch (shape.kind) {
    case 'scalar':
      return provenances.flatMap((from) =>
        values
          .draw(from, shape.type, path, perScalar(from, shape.type))
          .map((value) => ({ value, from, at: '', covers: [] })),
      );
    case 'enum':
      return [
        ...shape.values.map((value): Probe => {
          const what = `value ${shape.name}.${String(value)}`;
          return { value, from: 'own', at: `=${String(value)}`, covers: [{ what, from: 'own' }] };
        }),
        { value: 'NO_SUCH_VALUE', from: 'garbage', at: '', covers: [] },
      ];
    case 'list':
      return probesOfList(probesOf(shape.of, path, values, within));
    case 'choice':
      return shape.of.flatMap((one) => probesOf(one, path, values, within));
    case 'object':
      return [
        ...probesOfObject(shape, path, values, within),
        { value: 'no object', from: 'garbage', at: '', covers: [] },
      ];
  }
}

/** Lists of one, a list of own and foreign, and an empty one. */
function probesOfList(items: Probe[]): Probe[] {
  const foreign = items.find(({ from }) => from === 'foreign');
  const own = items.find(({ from }) => from === 'own');
  return [
    ...items.map((item) => ({ ...item, value: [item.value] })),
    ...(own && foreign ? [{ ...foreign, at: `${foreign.at}+own`, value: [own.value, foreign.value] }] : []),
    { value: [], from: 'garbage', at: '=[]', covers: [] },
  ];
}

function probesOfObject(
  shape: Extract<Shape, { kind: 'object' }>,
  path: readonly string[],
  values: Values,
  within: readonly string[],
): Probe[] {
  const fields = shape.fields();
  const isWithinItself = within.includes(shape.name);
  const tried = isWithinItself ? fields.filter(([, field]) => field.shape.kind === 'object').slice(1, 2) : fields;
  return tried.flatMap(([name, field]) => {
    const base = baseOfObject(shape, path, values, within);
    const inner = probesOf(field.shape, [...path, name], values, [...within, shape.name]);
    const chosen = isWithinItself
      ? provenances.flatMap((from) => inner.filter((probe) => probe.from === from).slice(0, 1))
      : inner;
    return [...chosen, { value: null, from: 'garbage', at: '=null', covers: [] } satisfies Probe].map(
      ({ value, from, at, covers }) => ({
        value: { ...base, [name]: value },
        from,
        at: `.${name}${at}`,
        covers: [...covers, { what: `input ${shape.name}.${name}`, from }],
      }),
    );
  });
}

/** A value that is accepted: an own one, with what is required. */
export function baseOf(shape: Shape, path: readonly string[], values: Values, within: readonly string[] = []): unknown {
  switch (shape.kind) {
    case 'scalar':
      return values.draw('own', shape.type, path, 1)[0];
    case 'enum':
      return shape.values[0];
    case 'list':
      return [baseOf(shape.of, path, values, within)];
    case 'choice':
      return baseOf(shape.of[0]!, path, values, within);
    case 'object':
      return baseOfObject(shape, path, values, within);
  }
}

/** What is required or, when nothing is, the first field. */
function baseOfObject(
  shape: Extract<Shape, { kind: 'object' }>,
  path: readonly string[],
  values: Values,
  within: readonly string[],
): Record<string, unknown> {
  if (within.filter((name) => name === shape.name).length > 1) return {};
  const fields = shape.fields();
  const required = fields.filter(([, { isRequired }]) => isRequired);
  return Object.fromEntries(
    (required.length > 0 ? required : within.length > 0 ? fields.slice(0, 1) : []).map(([name, field]) => [
      name,
      baseOf(field.shape, [...path, name], values, [...within, shape.name]),
    ]),
  );
}
