/** The requests to the REST API: from the document that the server itself serves, every route, parameter, header, body field and value. */
import type { Place } from './coverage.ts';
import { baseOf, type Probe, probesOf, type Shape } from './inputs.ts';
import type { Cover, Request } from './send.ts';
import type { Values } from './values.ts';

type Json = Record<string, any>;
/** A place in a request: where it stands, and what it takes. */
type Slot = { in: 'path' | 'query' | 'header' | 'body'; name: string; shape: Shape; isRequired: boolean };
type Route = { name: string; method: string; path: string; slots: Slot[] };

/** Every prefix that routes stand under: the last two are refused, the same for a user who is there and one who is not. */
const prefixes = ['/api/v1', '/api', '/api/alice', '/api/bob', '/api/nobody-of-this-name'];

/** Routes that are walked by others, and why. */
export const elsewhere: Record<string, string> = {
  'GET /tasks/events': 'What is answered does not end: told.test.ts listens to it.',
};

/** What the values of a slot are looked for under where its name is not enough: a cursor is of one list, in one order. */
const called: Record<string, string> = {
  'GET /tasks/{id}/history cursor': 'cursor TaskHistoryEntryOrderBy.CREATED_AT_DESC',
};

const namesOf = (route: Route, { name }: Slot): string[] => [name, called[`${route.name} ${name}`] ?? name];

/** All routes of the document. */
function routesOf(document: Json): Route[] {
  return Object.entries(document.paths as Json).flatMap(([path, item]: [string, Json]) =>
    Object.entries(item)
      .filter(([method]) => method !== 'parameters' && !(`${method.toUpperCase()} ${path}` in elsewhere))
      .map(([method, operation]: [string, Json]): Route => {
        const name = `${method.toUpperCase()} ${path}`;
        const body = operation.requestBody?.content['application/json'].schema as Json | undefined;
        const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])] as Json[];
        return {
          name,
          method: method.toUpperCase(),
          path,
          slots: [
            ...parameters.map((one): Slot => ({
              in: one.in,
              name: one.name,
              shape: shapeOf(one.schema, document, `${name} ${one.name}`),
              isRequired: one.required === true,
            })),
            ...(body
              ? [
                  {
                    in: 'body' as const,
                    name: 'body',
                    shape: shapeOf(body, document, `${name} body`),
                    isRequired: true,
                  },
                ]
              : []),
          ],
        };
      }),
  );
}

/** The shape of a JSON schema. An object is called by where it stands. */
function shapeOf(schema: Json, document: Json, name: string): Shape {
  if (schema.$ref) return shapeOf(document.components.schemas[String(schema.$ref).split('/').at(-1)!], document, name);
  const values = schema.enum ?? (schema.const === undefined ? undefined : [schema.const]);
  if (values) return { kind: 'enum', name, values };
  const choices = (schema.oneOf ?? schema.anyOf) as Json[] | undefined;
  const some = choices?.filter(({ type }) => type !== 'null');
  if (some?.length === 1) return shapeOf(some[0]!, document, name);
  if (some) return { kind: 'choice', of: some.map((one, at) => shapeOf(one, document, `${name} ${at + 1}`)) };
  const type = [schema.type].flat().find((one) => one !== 'null') as string;
  if (type === 'array') return { kind: 'list', of: shapeOf(schema.items, document, name) };
  if (type !== 'object') return { kind: 'scalar', type: scalars[schema.format ?? type] ?? 'String' };
  return {
    kind: 'object',
    name,
    fields: () =>
      Object.entries(schema.properties as Json).map(([field, inner]: [string, Json]) => [
        field,
        { shape: shapeOf(inner, document, `${name}.${field}`), isRequired: (schema.required ?? []).includes(field) },
      ]),
  };
}

/** Format or type → the type in GraphQL, for which values are known. */
const scalars: Record<string, string> = { uuid: 'UUID', 'date-time': 'Datetime', boolean: 'Boolean', integer: 'Int' };

/** All requests, in the order of the document. */
export function restRequests(document: Json, values: Values): Request[] {
  return routesOf(document).flatMap((route) => [
    ...prefixes.map((prefix) => requestOf(route, values, prefix)),
    ...route.slots.flatMap((slot) =>
      probesOf(slot.shape, namesOf(route, slot), values).map((probe, nth) =>
        requestOf(route, values, prefixes[0]!, { slot, probe, nth: nth + 1 }),
      ),
    ),
  ]);
}

type Probed = { slot: Slot; probe: Probe; nth: number };

function requestOf({ name, method, path, slots }: Route, values: Values, prefix: string, probed?: Probed): Request {
  const given = slots
    .filter((slot) => slot.isRequired || slot === probed?.slot)
    .map((slot) => ({
      slot,
      value: slot === probed?.slot ? probed.probe.value : baseOfSlot(slot, values),
    }));
  const of = (place: Slot['in']) => given.filter(({ slot }) => slot.in === place);
  const filled = of('path').reduce(
    (text, { slot, value }) => text.replace(`{${slot.name}}`, encodeURIComponent(String(value))),
    path,
  );
  const query = new URLSearchParams(
    of('query').map(({ slot, value }) => [slot.name, String(value)] as [string, string]),
  ).toString();
  const [body] = of('body');
  const covers: Cover[] = probed
    ? [...probed.probe.covers, { what: placeOf(name, probed.slot), from: probed.probe.from }]
    : [];
  return {
    label: `${method} ${prefix}${path}${probed ? `(${probed.slot.name}${probed.probe.at}) ${probed.probe.from} ${probed.nth}` : ''}`,
    isWrite: method !== 'GET',
    method,
    path: `${prefix}${filled}${query && `?${query}`}`,
    headers: Object.fromEntries(of('header').map(({ slot, value }) => [slot.name, inHeader(value)])),
    ...(body && { body: JSON.stringify(body.value) }),
    covers: [{ what: `route ${name}`, from: 'own' }, ...covers],
  };
}

/** What is accepted there. A body says something, though nothing in it is required: one that changes nothing is refused. */
function baseOfSlot({ in: place, name, shape }: Slot, values: Values): unknown {
  if (place !== 'body') return baseOf(shape, [name], values);
  return probesOf(shape, [name], values).find(({ from }) => from === 'own')!.value;
}

/** What a header can hold. */
const inHeader = (value: unknown): string => String(value).replaceAll(/[^\t\x20-\x7e]/g, '?');

const placeOf = (route: string, slot: Slot): string => `${slot.in} ${route} ${slot.name}`;

/** Everything that the document says can be sent. */
export function restPlaces(document: Json): Place[] {
  return routesOf(document).flatMap(({ name, slots }) => [
    { what: `route ${name}`, takes: ['own'] as const },
    ...slots.flatMap((slot): Place[] => [
      { what: placeOf(name, slot), takes: takenBy(slot.shape) },
      ...placesIn(slot.shape),
    ]),
  ]);
}

function placesIn(shape: Shape): Place[] {
  switch (shape.kind) {
    case 'scalar':
      return [];
    case 'enum':
      return shape.values.map((value) => ({ what: `value ${shape.name}.${String(value)}`, takes: ['own'] }));
    case 'list':
      return placesIn(shape.of);
    case 'choice':
      return shape.of.flatMap(placesIn);
    case 'object':
      return shape
        .fields()
        .flatMap(([name, field]) => [
          { what: `input ${shape.name}.${name}`, takes: takenBy(field.shape) },
          ...placesIn(field.shape),
        ]);
  }
}

const takenBy = (shape: Shape): Place['takes'] =>
  shape.kind === 'enum' ? ['own', 'garbage'] : ['own', 'foreign', 'garbage'];
