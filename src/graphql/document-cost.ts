/** How many objects an answer can hold: lists in lists multiply. What reads a list, and how long it is, is told by the schema. */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'postgraphile/graphql';
import { defaultPageSize, largestPageSize } from './page.ts';

type Variables = Readonly<Record<string, unknown>>;

/** Objects that are there once, and those that are there for each item of the page that the field above reads. */
type Size = { once: number; perItem: number };

const nothing: Size = { once: 0, perItem: 0 };

/**
 * Counts the objects that an answer can hold at the most: one for a field that gives an object, for a list as many as it can have.
 *
 * A field with `first` or `last` reads a page, and the lists right below it that take no arguments (`nodes`, `edges`) are that page. Any
 * other list, such as groups or what a bulk mutation made, counts as the largest page. Fields under `@skip` and `@include` count too.
 * Introspection (`__schema`, `__type`) does not: it reads no row.
 * @param variables as the client sent them; without them, a page size in a variable counts as the largest
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables?: Variables,
): number {
  const values = variables && { ...defaultsOf(operation), ...variables };
  const fragments = new Map(document.definitions.filter(isFragment).map((node) => [node.name.value, node]));
  const sizes = new Map<string, Size>();

  function sizeOf(selectionSet: SelectionSetNode | undefined, typeName: string | undefined): Size {
    const sum = { ...nothing };
    for (const selection of selectionSet?.selections ?? []) {
      const { once, perItem } = sizeOfSelection(selection, typeName);
      sum.once += once;
      sum.perItem += perItem;
    }
    return sum;
  }

  function sizeOfSelection(selection: SelectionNode, typeName: string | undefined): Size {
    if (selection.kind === Kind.FIELD) return sizeOfField(selection, typeName);
    if (selection.kind === Kind.FRAGMENT_SPREAD) return sizeOfFragment(selection.name.value);
    return sizeOf(selection.selectionSet, selection.typeCondition?.name.value ?? typeName);
  }

  /** Each fragment is measured once, however often it is spread: the page above it is multiplied in where it is spread. */
  function sizeOfFragment(name: string): Size {
    const known = sizes.get(name);
    if (known) return known;
    // A fragment that spreads itself is refused by validation; here it must only come to an end.
    sizes.set(name, nothing);
    const fragment = fragments.get(name);
    const size = sizeOf(fragment?.selectionSet, fragment?.typeCondition.name.value);
    sizes.set(name, size);
    return size;
  }

  function sizeOfField(node: FieldNode, typeName: string | undefined): Size {
    const field = fieldOf(schema, typeName, node.name.value);
    const type = field && getNamedType(field.type);
    if (!field || !isCompositeType(type)) return nothing;

    const page = pageOf(node, field, values);
    const object = 1 + all(sizeOf(node.selectionSet, type.name), page);
    if (!isListType(getNullableType(field.type))) return { once: object, perItem: 0 };
    const isOfThePageAbove = field.args.length === 0;
    return isOfThePageAbove ? { once: 0, perItem: object } : { once: (page ?? largestPageSize) * object, perItem: 0 };
  }

  return all(sizeOf(operation.selectionSet, schema.getRootType(operation.operation)?.name));
}

const all = ({ once, perItem }: Size, page: number = largestPageSize): number => once + page * perItem;

const isFragment = (node: { kind: Kind }): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION;

function defaultsOf({ variableDefinitions = [] }: OperationDefinitionNode): Variables {
  const given = variableDefinitions.filter(({ defaultValue }) => defaultValue !== undefined);
  return Object.fromEntries(
    given.map(({ variable, defaultValue }) => [variable.name.value, valueFromASTUntyped(defaultValue!)]),
  );
}

/** The field, unless it is `__typename` or begins an introspection: those stand in no type. */
function fieldOf(schema: GraphQLSchema, typeName: string | undefined, name: string) {
  const type = typeName === undefined ? undefined : schema.getType(typeName);
  return isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
}

/** How much a field asks for by `first` and `last`, or undefined when it takes neither. */
function pageOf(node: FieldNode, field: GraphQLField<unknown, unknown>, values?: Variables): number | undefined {
  const sizes = field.args.filter(({ name }) => name === 'first' || name === 'last');
  if (sizes.length === 0) return undefined;
  const asked = sizes.map(({ name, defaultValue }) => {
    const given = node.arguments?.find((argument) => argument.name.value === name);
    const size = valueOf(given?.value, values);
    return size === undefined ? defaultValue : size;
  });
  const known = asked.filter((size) => size != null);
  return known.length === 0 ? defaultPageSize : Math.max(...known.map(withinPage));
}

function valueOf(node: ValueNode | undefined, values: Variables | undefined): unknown {
  if (node?.kind !== Kind.VARIABLE) return node && valueFromASTUntyped(node);
  return values ? values[node.name.value] : largestPageSize;
}

/** What is no size is refused when it is read (page-size.ts), so that here it need only not count for little. */
const withinPage = (size: unknown): number =>
  Number.isInteger(size) && (size as number) >= 0 && (size as number) <= largestPageSize
    ? (size as number)
    : largestPageSize;
