/** Requests made from the OpenAPI document: as it wants them, and bent out of shape in one place or another. */
import fc from 'fast-check';

type Json = Record<string, any>;

export type RestRequest = {
  method: string;
  path: string;
  headers: Record<string, string>;
  /** The text of the body, when there is one. */
  body?: string;
};

/** Ids of tasks that requests name now and then, beside invented ones. */
export type KnownIds = readonly string[];

const odd = fc.oneof(
  fc.constantFrom(
    null,
    true,
    false,
    0,
    -1,
    1.5,
    1e308,
    '',
    ' ',
    '\0',
    '\ud800',
    '"',
    "'; drop table x --",
    '%',
    '__proto__',
    [],
    {},
    [[]],
  ),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.array(fc.constantFrom('x', null, 1), { maxLength: 120 }),
  fc.dictionary(fc.string({ maxLength: 12 }), fc.constantFrom('x', null, 1), { maxKeys: 4 }),
);

/** Values of a schema; one in eight is something else. */
function valueOf(schema: Json, document: Json, ids: KnownIds): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 7, arbitrary: honestValueOf(schema, document, ids) }, { weight: 1, arbitrary: odd });
}

function honestValueOf(schema: Json, document: Json, ids: KnownIds): fc.Arbitrary<unknown> {
  const of = (inner: Json) => valueOf(inner, document, ids);
  if (schema.$ref)
    return honestValueOf(document.components.schemas[String(schema.$ref).split('/').at(-1)!], document, ids);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...(schema.enum as unknown[]));
  if (schema.anyOf ?? schema.oneOf) return fc.oneof(...((schema.anyOf ?? schema.oneOf) as Json[]).map(of));
  if (Array.isArray(schema.type)) return fc.oneof(...(schema.type as string[]).map((type) => of({ ...schema, type })));
  switch (schema.type) {
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(of(schema.items), { maxLength: 6 });
    case 'object':
      return objectOf(schema, of);
    default:
      return textOf(schema, ids);
  }
}

/** Mostly with what is required, now and then with a field too many. */
function objectOf(schema: Json, of: (schema: Json) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const properties = Object.fromEntries(
    Object.entries(schema.properties as Json).map(([name, inner]) => [name, of(inner)]),
  );
  const required = ((schema.required ?? []) as string[]).filter((name) => name in properties);
  return fc
    .tuple(
      fc.oneof(
        { weight: 9, arbitrary: fc.record(properties, { requiredKeys: required }) },
        { weight: 1, arbitrary: fc.record(properties, { requiredKeys: [] }) },
      ),
      fc.oneof(
        { weight: 11, arbitrary: fc.constant({}) },
        { weight: 1, arbitrary: fc.constantFrom({ user_id: 'bob' }, { owner_id: 'bob' }, { role: 'x' }) },
      ),
    )
    .map(([value, extra]) => ({ ...value, ...extra }));
}

const textOf = ({ format }: Json, ids: KnownIds): fc.Arbitrary<string> =>
  format === 'uuid'
    ? fc.oneof(fc.uuid(), fc.constantFrom(...ids))
    : format === 'date-time'
      ? fc
          .date({ noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('9999-12-31') })
          .map((date) => date.toISOString())
      : fc.oneof(
          fc.string({ minLength: 1, maxLength: 250 }),
          fc.constantFrom('title,-priority', '-due_at', '20', '100', 'UTC', 'hedge'),
        );

/** Any request to any operation of the document, but for the stream, which would not end. */
export function restRequests(document: Json, ids: KnownIds): fc.Arbitrary<RestRequest> {
  const operations = Object.entries(document.paths as Json).flatMap(([path, item]: [string, Json]) =>
    Object.entries(item)
      .filter(([, operation]) => ![undefined, 'watchTasks'].includes((operation as Json).operationId))
      .map(([method, operation]) => ({ path, method, operation: operation as Json })),
  );
  return fc.constantFrom(...operations).chain(({ path, method, operation }) => {
    const parameters = (operation.parameters ?? []) as Json[];
    const some = (place: string) =>
      fc.record(
        Object.fromEntries(
          parameters
            .filter((parameter) => parameter.in === place)
            .map(({ name, schema }) => [name, valueOf(schema, document, ids)]),
        ),
        { requiredKeys: [] },
      );
    const media = operation.requestBody?.content['application/json'].schema as Json | undefined;
    return fc
      .record({
        id: valueOf({ type: 'string', format: 'uuid' }, document, ids),
        query: some('query'),
        header: fc.oneof(
          some('header'),
          fc.constantFrom({ 'If-Match': '"1"' }, { 'If-None-Match': '"1"' }, { 'If-Match': '*' }),
        ),
        body: media ? fc.option(valueOf(media, document, ids), { nil: undefined, freq: 12 }) : fc.constant(undefined),
      })
      .map(({ id, query, header, body }) => ({
        method: method.toUpperCase(),
        path: `/api/v1${path.replace('{id}', encode(id))}${search(query)}`,
        headers: headersOf(header, body),
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }));
  });
}

const textFor = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value)).toWellFormed();

/** A dot alone would be a step in the path. */
const encode = (value: unknown): string => encodeURIComponent(textFor(value)).replaceAll('.', '%2E') || '%20';

function search(query: Record<string, unknown>): string {
  const text = new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, textFor(value)]),
  ).toString();
  return text === '' ? '' : `?${text}`;
}

/** What a header can hold. */
const headersOf = (header: Record<string, unknown>, body: unknown): Record<string, string> => ({
  ...Object.fromEntries(
    Object.entries(header).map(([name, value]) => [name, textFor(value).replaceAll(/[^\t\x20-\x7e]/g, '?')]),
  ),
  ...(body !== undefined && { 'content-type': 'application/json' }),
});
