/** Measuring a document costs no more than reading it, however its fragments multiply. */
import type {
  ASTVisitor,
  FragmentDefinitionNode,
  GraphQLError,
  OperationDefinitionNode,
  ValidationContext,
} from 'graphql';
import { Kind, parse } from 'graphql';
import { documentLimitsRule } from '../../src/graphql/document-limits.ts';

/** Measures the one operation of a document; tells what was reported, and how often fragments were looked up. */
function measure(text: string): { messages: string[]; lookUps: number } {
  const { definitions } = parse(text);
  const fragments = definitions.filter(
    (node): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION,
  );
  const messages: string[] = [];
  let lookUps = 0;
  const visitor = documentLimitsRule({
    getFragment(name: string) {
      lookUps += 1;
      return fragments.find((fragment) => fragment.name.value === name);
    },
    reportError: (error: GraphQLError) => void messages.push(error.message),
  } as unknown as ValidationContext) as ASTVisitor & { OperationDefinition: (node: OperationDefinitionNode) => void };
  visitor.OperationDefinition(definitions[0] as OperationDefinitionNode);
  return { messages, lookUps };
}

test('each fragment is measured once, also when every one spreads the next twice', () => {
  const doublings = Array.from({ length: 10 }, (_, i) => `fragment F${i} on User { ...F${i + 1} ...F${i + 1} }`);

  const { messages, lookUps } = measure(`{ me { ...F0 } } ${doublings.join(' ')} fragment F10 on User { a: id }`);

  expect(lookUps).toBe(11);
  expect(messages).toEqual([expect.stringContaining('aliases are 1024')]);
});

test('a fragment that spreads itself comes to an end', () => {
  expect(measure('{ me { ...F } } fragment F on User { id ...F }')).toEqual({ messages: [], lookUps: 1 });
});

test('a fragment that is not there counts for nothing', () => {
  expect(measure('{ me { ...F } }').messages).toEqual([]);
});
