/** The requests to the GraphQL API: from the schema that the server really built, every field, argument, input field, operator and value. */
import {
  getNamedType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { baseOf, type Probe, probesOf, shapeOf } from './inputs.ts';
import { probesByOrder } from './orders.ts';
import { finish, newDraft, selectAll, variable } from './selections.ts';
import { graphql, type Provenance, type Request } from './send.ts';
import type { Values } from './values.ts';

type Field = GraphQLField<unknown, unknown>;
/** The way from the root to a field: the types and fields to pass. */
type Path = { type: GraphQLObjectType; field: Field }[];
type Kind = 'query' | 'mutation';

/** How deep the answer of a field is read. The limits on documents allow no more of lists in lists. */
const depths = { whole: 3, probed: 1 };

/** All requests, in the order of the schema. */
export function operationsOf(schema: GraphQLSchema, values: Values): Request[] {
  const write = writer(schema, values);
  const paths = [
    ...pathsFrom(schema.getQueryType()!, 'query'),
    ...Object.values(schema.getMutationType()?.getFields() ?? {}).map((field) => ({
      kind: 'mutation' as const,
      path: [{ type: schema.getMutationType()!, field }],
    })),
  ];
  const tried = new Set<string>();
  return paths.flatMap(({ kind, path }) => {
    const { field } = path.at(-1)!;
    return [
      write(kind, path, {}, undefined, depths.whole, 'whole'),
      ...field.args.flatMap((argument) => {
        const orders = ordersOf(field, argument);
        const isNew = !tried.has(orders);
        tried.add(orders);
        return [
          ...numbered(probesFor(argument, values, tried)).flatMap(([probe, nth]) =>
            companies(field, argument, values).map(([company, others]) =>
              write(kind, path, others, { argument, probe }, depths.probed, `${nth}${company}`),
            ),
          ),
          ...(isNew ? probesByOrder(field, argument, values, (one, order) => companies(one, order, values)) : []).map(
            ({ probe, others, note }) => write(kind, path, others, { argument, probe }, depths.probed, `1${note}`),
          ),
        ];
      }),
    ];
  });
}

/** Each field that takes arguments or leads to another type, once, by the shortest way. */
function pathsFrom(root: GraphQLObjectType, kind: Kind): { kind: Kind; path: Path }[] {
  const reached = new Set([root.name]);
  const found: { kind: Kind; path: Path }[] = [];
  const waiting: { type: GraphQLObjectType; path: Path }[] = [{ type: root, path: [] }];
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    for (const field of Object.values(next.type.getFields())) {
      const path = [...next.path, { type: next.type, field }];
      const type = getNamedType(field.type);
      const isNew = isObjectType(type) && !reached.has(type.name);
      if (isNew) {
        reached.add(type.name);
        waiting.push({ type, path });
      }
      if (isNew || field.args.length > 0 || next.type === root) found.push({ kind, path });
    }
  }
  return found;
}

/** All that there is to try or, where the type has been tried at another place, each of its fields with each kind of value. */
function probesFor(argument: GraphQLArgument, values: Values, tried: Set<string>): Probe[] {
  const probes = probesOf(shapeOf(argument.type), [argument.name], values);
  const type = typeOf(argument);
  if (!tried.has(type)) {
    tried.add(type);
    return probes;
  }
  const seen = new Set<string>();
  return probes.filter(({ at, from }) => {
    const kind = `${at.split('.').slice(0, 2).join('.')} ${from}`;
    return !seen.has(kind) && seen.add(kind);
  });
}

/** What makes an argument the same as one at another place. */
const typeOf = ({ name, type }: GraphQLArgument): string => `${name}: ${String(type)}`;

/** What makes a cursor the same as one at another place: it is of an order, and each list has its own. */
const ordersOf = ({ args }: Field, argument: GraphQLArgument): string => [argument, ...args].map(typeOf).join(', ');

type Probed = { argument: GraphQLArgument; probe: Probe };

function writer(schema: GraphQLSchema, values: Values) {
  return (
    kind: Kind,
    path: Path,
    others: Record<string, unknown>,
    probed: Probed | undefined,
    depth: number,
    note: string,
  ): Request => {
    const draft = newDraft();
    const { field: last } = path.at(-1)!;
    const selecting = { schema, values, draft };
    const select = ([step, ...rest]: Path): string => {
      const { type, field } = step!;
      const isLast = rest.length === 0;
      const given = new Map<GraphQLArgument, unknown>(
        field.args
          .filter(isRequiredArgument)
          .map((argument) => [argument, baseOf(shapeOf(argument.type), [argument.name], values)]),
      );
      if (isLast) {
        for (const argument of field.args) {
          if (argument.name in others) given.set(argument, others[argument.name]);
        }
        if (probed) given.set(probed.argument, probed.probe.value);
      }
      draft.covers.push({ what: `field ${type.name}.${field.name}`, from: 'own' });
      const passed = [...given].map(([argument, value]) => `${argument.name}: ${variable(draft, argument, value)}`);
      const inner = isLast ? selectAll(selecting, getNamedType(field.type), depth) : select(rest);
      return `${field.name}${passed.length > 0 ? `(${passed.join(', ')})` : ''}${inner && ` { ${inner} }`}`;
    };
    const { query, variables } = finish(draft, kind, select(path));
    const way = path.map(({ field }) => field.name).join('.');
    const from: Provenance = probed?.probe.from ?? 'own';
    const place = probed ? `(${probed.argument.name}${probed.probe.at}) ${from}` : '';
    const covers = probed
      ? [
          ...probed.probe.covers,
          { what: `argument ${path.at(-1)!.type.name}.${last.name}(${probed.argument.name})`, from },
        ]
      : [];
    return {
      label: `${kind} ${way}${place} ${note}`,
      isWrite: kind === 'mutation',
      ...graphql(query, variables),
      covers: [...draft.covers, ...covers],
    };
  };
}

/** The first of its kind, the second … */
function numbered(probes: Probe[]): [Probe, number][] {
  const counts = new Map<string, number>();
  return probes.map((probe) => {
    const kind = probe.at + probe.from;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    return [probe, counts.get(kind)!];
  });
}

/** The other arguments: none and, where the answer may depend on them, texts (an order by relevance needs something to search for). */
export function companies(field: Field, probed: GraphQLArgument, values: Values): [string, Record<string, unknown>][] {
  const isEnum = (argument: GraphQLArgument): boolean => {
    const shape = shapeOf(argument.type);
    return shape.kind === 'enum' || (shape.kind === 'list' && shape.of.kind === 'enum');
  };
  const texts = field.args.filter(
    (argument) => argument !== probed && getNamedType(argument.type).name === 'String' && !isRequiredArgument(argument),
  );
  if (!isEnum(probed) || texts.length === 0) return [['', {}]];
  const given = texts.map(({ name, type }) => [name, baseOf(shapeOf(type), [name], values)]);
  return [
    ['', {}],
    [` with ${texts.map(({ name }) => name).join(', ')}`, Object.fromEntries(given)],
  ];
}
