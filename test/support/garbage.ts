/** Requests that nobody means: documents made from the schema and then spoilt, variables of the wrong kind, bodies that are no requests. */
import fc from 'fast-check';
import {
  getNamedType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

/** What may stand where something else is expected. */
const hostileTexts = [
  '',
  '\0',
  'a\0b',
  '\ud800',
  "' or true --",
  '"; drop table tasks; --',
  '$1',
  '%s',
  '\\',
  '__proto__',
  '01890000-0000-7000-8000-000000000000',
  '2027-01-01T00:00:00Z',
  '2027-13-45T99:99:99Z',
  'infinity',
  'W10=',
  'WyJwcmltYXJ5X2tleV9hc2MiLFtudWxsXV0=',
  'Europe/Berlin',
  'x'.repeat(10_000),
];

const garbageValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<unknown>(null, true, false, 0, -1, 1.5, 2 ** 31, -(2 ** 31) - 1, 1e308, ...hostileTexts),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(
      fc.constantFrom('__proto__', 'constructor', 'toString', 'equalTo', 'in', 'id', 'title', 'and', ''),
      tie('value'),
      {
        maxKeys: 4,
      },
    ),
  ),
})).value;

/** A value that the type might accept, or garbage in its place. */
function valueOf(type: GraphQLInputType, depth = 0): fc.Arbitrary<unknown> {
  const fitting = (): fc.Arbitrary<unknown> => {
    if (isNonNullType(type)) return valueOf(type.ofType, depth);
    if (isListType(type)) return fc.array(valueOf(type.ofType, depth + 1), { maxLength: 3 });
    if (isEnumType(type)) return fc.constantFrom(...type.getValues().map(({ name }) => name));
    if (isInputObjectType(type)) {
      if (depth > 3) return fc.constant({});
      const fields = Object.values(type.getFields());
      return fc.record(Object.fromEntries(fields.map((field) => [field.name, valueOf(field.type, depth + 1)])), {
        requiredKeys: fields.filter((field) => isNonNullType(field.type)).map(({ name }) => name),
      });
    }
    const scalars: Record<string, fc.Arbitrary<unknown>> = {
      Int: fc.integer({ min: -5, max: 200 }),
      Boolean: fc.boolean(),
      UUID: fc.uuid(),
      Datetime: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    };
    return scalars[getNamedType(type).name] ?? fc.constantFrom(...hostileTexts, 'Plant');
  };
  return fc.oneof({ weight: 8, arbitrary: fitting() }, { weight: 1, arbitrary: garbageValue });
}

/** A selection of everything without arguments of its own, two levels deep. */
function selectionOf(type: GraphQLOutputType, depth = 0): string {
  const named = getNamedType(type);
  if (!isObjectType(named)) return '__typename';
  const fields = Object.values(named.getFields()).filter(({ args }) => args.every(isOptional));
  const parts = fields.flatMap((field) => {
    const inner = getNamedType(field.type);
    if (!isObjectType(inner)) return [field.name];
    return depth < 2 ? [`${field.name} { ${selectionOf(field.type, depth + 1)} }`] : [];
  });
  return ['__typename', ...parts].join(' ');
}

const isOptional = ({ type, defaultValue }: GraphQLArgument): boolean =>
  !isNonNullType(type) || defaultValue !== undefined;

export type Request = { query: string; variables: unknown };

/** For each root field of the kind: the field with all its arguments as variables, and values for them. */
export function operations(schema: GraphQLSchema, kind: 'query' | 'mutation'): [string, fc.Arbitrary<Request>][] {
  const root = kind === 'query' ? schema.getQueryType() : schema.getMutationType();
  return Object.values(root!.getFields()).map((field: GraphQLField<unknown, unknown>) => {
    const { name, args, type } = field;
    const declared = args.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ');
    const passed = args.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
    const selection = isObjectType(getNamedType(type)) ? ` { ${selectionOf(type)} }` : '';
    const query = `${kind} ${declared && `(${declared})`} { ${name}${passed && `(${passed})`}${selection} }`;
    const variables = fc.record(Object.fromEntries(args.map((arg) => [arg.name, valueOf(arg.type)])), {
      requiredKeys: [],
    });
    return [name, variables.map((values) => ({ query, variables: values }))];
  });
}

/** A text with some of its parts removed, doubled, swapped, or replaced by something else. */
export const spoilt = (text: string): fc.Arbitrary<string> => {
  const tokens: string[] = text.match(/\w+|\W/g) ?? [];
  const position = fc.nat(tokens.length - 1);
  const spoil = fc.oneof(
    position.map((at) => (parts: string[]) => parts.toSpliced(at, 1)),
    position.map((at) => (parts: string[]) => parts.toSpliced(at, 0, parts[at] ?? '')),
    fc.tuple(position, position).map(([one, other]) => (parts: string[]) => {
      const swapped = [...parts];
      [swapped[one], swapped[other]] = [parts[other] ?? '', parts[one] ?? ''];
      return swapped;
    }),
    fc
      .tuple(
        position,
        fc.constantFrom('{', '}', '(', '...', '@skip(if: true)', '"', '"""', '$x', '__schema', '\0', '🌳', '#'),
      )
      .map(
        ([at, by]) =>
          (parts: string[]) =>
            parts.toSpliced(at, 1, by),
      ),
  );
  return fc
    .array(spoil, { minLength: 1, maxLength: 4 })
    .map((spoils) => spoils.reduce((parts, spoil) => spoil(parts), tokens).join(''));
};

/** Bodies that are JSON, or not even that, and no request. */
export const bodies: fc.Arbitrary<string> = fc.oneof(
  fc.json(),
  fc.string({ unit: 'binary' }),
  garbageValue.map((value) => JSON.stringify(value)),
  fc
    .record(
      {
        query: garbageValue,
        variables: garbageValue,
        operationName: garbageValue,
        extensions: garbageValue,
        id: garbageValue,
      },
      { requiredKeys: [] },
    )
    .map((body) => JSON.stringify(body)),
  fc
    .record({ variables: garbageValue, operationName: garbageValue, extensions: garbageValue }, { requiredKeys: [] })
    .map((body) => JSON.stringify({ query: '{ me { id } }', ...body })),
);
