/** How large a document may be: nesting, aliases and root fields multiply the work that one request can ask for. */
import 'postgraphile/grafserv';
import { GraphQLError, Kind, type SelectionSetNode, type ValidationRule } from 'postgraphile/graphql';

/**
 * `depth`: the deepest sensible query, a connection within a connection (`tasks.edges.node.owner.tasks.edges.node.title`), has 8.
 * `rootFields`: each is a transaction of its own. `aliases`: more than a screen that shows the same field in different ways needs.
 */
export const documentLimits = { depth: 10, rootFields: 20, aliases: 30 };

/** `fields` counts one level, with the fragments in it; `depth` and `aliases` all that is below it too. */
type Size = { depth: number; aliases: number; fields: number };

const nothing: Size = { depth: 0, aliases: 0, fields: 0 };

/** Refuses operations over the limits with TOO_COMPLEX. Each fragment is measured once, however often it is spread. */
export const documentLimitsRule: ValidationRule = (context) => {
  const fragments = new Map<string, Size>();

  function sizeOf(selectionSet: SelectionSetNode | undefined): Size {
    const size = { ...nothing };
    for (const selection of selectionSet?.selections ?? []) {
      const inner =
        selection.kind === Kind.FRAGMENT_SPREAD ? sizeOfFragment(selection.name.value) : sizeOf(selection.selectionSet);
      size.aliases += inner.aliases;
      if (selection.kind !== Kind.FIELD) {
        size.depth = Math.max(size.depth, inner.depth);
        size.fields += inner.fields;
        continue;
      }
      size.fields += 1;
      if (selection.alias) size.aliases += 1;
      // The schema describes itself more deeply than any data goes; it costs no statement.
      if (!selection.name.value.startsWith('__')) size.depth = Math.max(size.depth, 1 + inner.depth);
    }
    return size;
  }

  function sizeOfFragment(name: string): Size {
    const known = fragments.get(name);
    if (known) return known;
    // A fragment that spreads itself is refused by another rule; here it must only come to an end.
    fragments.set(name, nothing);
    const size = sizeOf(context.getFragment(name)?.selectionSet);
    fragments.set(name, size);
    return size;
  }

  return {
    OperationDefinition(operation) {
      const { depth, aliases, fields } = sizeOf(operation.selectionSet);
      const asked = { depth, rootFields: fields, aliases };
      for (const [name, limit] of Object.entries(documentLimits)) {
        const found = asked[name as keyof typeof asked];
        if (found <= limit) continue;
        const message = `The operation is too complex: its ${names[name as keyof typeof names]} ${found}, the limit is ${limit}.`;
        context.reportError(new GraphQLError(message, { nodes: operation, extensions: { code: 'TOO_COMPLEX' } }));
      }
    },
  };
};

const names = { depth: 'depth is', rootFields: 'root fields are', aliases: 'aliases are' };

export const DocumentLimitsPlugin: GraphileConfig.Plugin = {
  name: 'HedgerowDocumentLimitsPlugin',
  version: '1.0.0',
  grafserv: {
    middleware: {
      setPreset(next, event) {
        event.validationRules.push(documentLimitsRule);
        return next();
      },
    },
  },
};
