/** What a document costs: the objects that its answer can hold. The lists are told by the schema, whatever their names. */
import {
  buildSchema,
  type DefinitionNode,
  type DocumentNode,
  Kind,
  type OperationDefinitionNode,
  parse,
} from 'graphql';
import { costLimit, refuseByCost } from '../../src/graphql/cost-limit.ts';
import { costOf } from '../../src/graphql/document-cost.ts';

const schema = buildSchema(`
  interface Thing { id: ID! }
  type Hedge implements Thing { id: ID!, gardener: Gardener!, birds: [Bird!]!, names: [String!]! }
  type Bird { name: String }
  type Gardener implements Thing { id: ID!, hedges(first: Int, last: Int, after: String): HedgePage! }
  type HedgePage { totalCount: Int, pageInfo: Info!, edges: [HedgeEdge]!, items: [Hedge]!, groups(by: String): [Group!] }
  type HedgeEdge { node: Hedge }
  type Group { sum: Sum }
  type Sum { of: Int }
  type Info { more: Boolean }
  type Query {
    hedges(first: Int, last: Int): HedgePage
    plain(first: Int): [Hedge!]
    short(first: Int = 5): [Hedge!]
    everyone: [Gardener!]!
    thing: Thing
  }
  type Mutation { plantHedges(input: [String!]!): Planted }
  type Planted { hedges: [Hedge!]!, query: Query! }
`);

function cost(text: string, variables?: Record<string, unknown>): number {
  const document = parse(text);
  return costOf(schema, document, document.definitions[0] as OperationDefinitionNode, variables);
}

test.each([
  ['a leaf costs nothing', '{ __typename }', 0],
  ['introspection costs nothing', '{ __schema { types { fields { name } } } __type(name: "Bird") { name } }', 0],
  ['an object is one', '{ thing { id } }', 1],
  ['a page has its size', '{ hedges(first: 7) { items { id } } }', 1 + 7],
  ['also from the end', '{ hedges(last: 7) { items { id } } }', 1 + 7],
  ['20 without one', '{ hedges { items { id } } }', 1 + 20],
  ['20 with null', '{ hedges(first: null) { items { id } } }', 1 + 20],
  [
    'items and edges are the same page, read twice',
    '{ hedges(first: 7) { items { id } edges { node { id } } } }',
    1 + 7 + 14,
  ],
  ['what is beside the items is there once', '{ hedges(first: 7) { totalCount pageInfo { more } } }', 1 + 1],
  ['groups are as many as the largest page', '{ hedges(first: 7) { groups(by: "x") { sum { of } } } }', 1 + 200],
  ['a list of texts costs nothing', '{ hedges(first: 7) { items { names } } }', 1 + 7],
  ['a list without a page is as long as the largest', '{ everyone { id } }', 100],
  ['also within a page', '{ hedges(first: 7) { items { birds { name } } } }', 1 + 7 * 101],
  ['a list may itself be a page', '{ plain(first: 7) { gardener { id } } }', 14],
  ['the size may be the default of the schema', '{ short { id } }', 5],
  [
    'pages in pages multiply',
    '{ hedges(first: 7) { items { gardener { hedges(first: 3) { items { id } } } } } }',
    1 + 7 * (1 + 1 + 1 + 3),
  ],
  ['what a bulk mutation made', 'mutation { plantHedges(input: []) { hedges { id } } }', 1 + 100],
  ['an empty page has nothing below it', '{ hedges(first: 0) { items { birds { name } } } }', 1],
  [
    'what is no size counts as the largest page',
    '{ hedges(first: -1) { items { id } } plain(first: 1000) { id } }',
    1 + 100 + 100,
  ],
  ['first and last together count as the larger', '{ hedges(first: 2, last: 7) { items { id } } }', 1 + 7],
  ['fields that may be left out count', '{ hedges(first: 7) @skip(if: true) { items { id } } }', 1 + 7],
  [
    'fragments count where they are spread',
    '{ hedges(first: 7) { ...F } } fragment F on HedgePage { items { ...G } } fragment G on Hedge { gardener { id } }',
    1 + 14,
  ],
  [
    'and twice when they are spread twice',
    '{ a: hedges(first: 7) { ...F } b: hedges(first: 3) { ...F } } fragment F on HedgePage { items { id } }',
    1 + 7 + 1 + 3,
  ],
  [
    'inline fragments count with their type',
    '{ thing { ... on Gardener { hedges(first: 7) { ... { items { id } } } } } }',
    1 + 1 + 7,
  ],
])('%s', (_what, text, expected) => {
  expect(cost(text, {})).toBe(expected);
});

describe('a size in a variable', () => {
  const text = 'query ($n: Int, $d: Int = 3) { hedges(first: $n) { items { id } } plain(first: $d) { id } }';

  test.each<[string, Record<string, unknown> | undefined, number]>([
    ['counts as it was sent', { n: 7, d: 2 }, 1 + 7 + 2],
    ['is its default when it was not', { n: 7 }, 1 + 7 + 3],
    ['is 20 when there is none', {}, 1 + 20 + 3],
    ['is 20 when it is null', { n: null, d: null }, 1 + 20 + 20],
    ['is the largest page when it is no number', { n: '7', d: { a: 1 } }, 1 + 100 + 100],
    ['is the largest page when variables are not known', undefined, 1 + 100 + 100],
  ])('%s', (_what, variables, expected) => {
    expect(cost(text, variables)).toBe(expected);
  });
});

describe('the limit', () => {
  const text = `
    query Small { hedges { items { id } } }
    query Pages($n: Int!, $m: Int!) { hedges(first: $n) { items { gardener { hedges(first: $m) { items { id } } } } } }
  `;
  const refuse = (operationName: string | undefined, variableValues?: Record<string, unknown>) =>
    refuseByCost({ schema, document: parse(text), operationName, variableValues });

  test('is that of the operation which is asked for, with its variables', () => {
    expect(refuse('Small')).toBeUndefined();
    expect(refuse('Pages', { n: 20, m: 100 })).toBeUndefined();
    expect(refuse('Pages', { n: 100, m: 100 })).toMatchObject({
      message: 'The operation is too complex: its answer may hold 10301 objects, the limit is 2500.',
      extensions: { code: 'TOO_COMPLEX' },
    });
  });

  test('holds for the same document again, with other variables', () => {
    const document = parse(text);
    const ask = (m: number) =>
      refuseByCost({ schema, document, operationName: 'Pages', variableValues: { n: 100, m } });

    expect([ask(1), ask(100), ask(1), ask(100)].map((refusal) => refusal !== undefined)).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });

  test('is reached, and not passed, by 2500 objects', () => {
    const rows = (count: number) =>
      refuseByCost({
        schema,
        document: parse(`{ ${'hedges(first: 99) { items { id } }'.repeat(25)} ${'thing { id }'.repeat(count)} }`),
      });

    expect(costLimit).toBe(2_500);
    expect(rows(0)).toBeUndefined();
    expect(rows(1)?.message).toMatch(/2501 objects/);
  });

  test('leaves it to the execution to say that there is no such operation', () => {
    expect(refuse('Nope')).toBeUndefined();
    expect(refuse(undefined)).toBeUndefined();
  });
});

describe('counting is bounded', () => {
  /** The cost of a document, and how often its fragments were looked into. */
  function measure(text: string): { cost: number; reads: number } {
    const { definitions, ...rest } = parse(text);
    let reads = 0;
    const counted = (node: DefinitionNode): DefinitionNode => {
      if (node.kind !== Kind.FRAGMENT_DEFINITION) return node;
      const { selectionSet } = node;
      return Object.defineProperty({ ...node }, 'selectionSet', {
        get() {
          reads += 1;
          return selectionSet;
        },
      });
    };
    const document: DocumentNode = { ...rest, definitions: definitions.map(counted) };
    return { cost: costOf(schema, document, definitions[0] as OperationDefinitionNode, {}), reads };
  }

  test('each fragment is measured once, also when every one spreads the next twice', () => {
    const doublings = Array.from({ length: 20 }, (_, i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`);

    const { cost, reads } = measure(`{ ...F0 } ${doublings.join(' ')} fragment F20 on Query { thing { id } }`);

    expect(reads).toBe(21);
    expect(cost).toBe(2 ** 20);
  });

  test('a fragment that spreads itself comes to an end', () => {
    expect(measure('{ ...F } fragment F on Query { thing { id } ...F }')).toEqual({ cost: 1, reads: 1 });
  });

  test('a fragment that is not there counts for nothing', () => {
    expect(measure('{ ...F }')).toEqual({ cost: 0, reads: 0 });
  });
});
