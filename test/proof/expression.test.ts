/** Predicates as trees: read, taken apart, printed. */
import {
  allOf,
  anyOf,
  conjunctsOf,
  disjunctsOf,
  ownerColumns,
  parseExpression,
  printExpression,
  searchableColumns,
} from '../../src/proof/expression.ts';

test.each([
  ['(owner_id = app_hidden.current_user_id())', 'owner_id = app_hidden.current_user_id()'],
  ["((a)::text = 'it''s'::text)", "a::text = 'it''s'::text"],
  ['(NOT (a IS DISTINCT FROM b))', 'NOT (a IS DISTINCT FROM b)'],
])('%s is printed as %s', (given, printed) => {
  expect(printExpression(parseExpression(given))).toBe(printed);
});

test('an expression is taken apart and put together again', () => {
  const tree = parseExpression('((a = 1) AND ((b = 2) OR (c = 3)) AND (d AND e))');

  const conjuncts = conjunctsOf(tree);

  expect(conjuncts.map(printExpression)).toEqual(['a = 1', 'b = 2 OR c = 3', 'd', 'e']);
  expect(disjunctsOf(conjuncts[1]!).map(printExpression)).toEqual(['b = 2', 'c = 3']);
  expect(printExpression(allOf([conjuncts[0]!, conjuncts[1]!]))).toBe('a = 1 AND (b = 2 OR c = 3)');
  expect(printExpression(allOf([]))).toBe('true');
  expect(printExpression(anyOf([]))).toBe('false');
});

test.each([
  ['(owner_id = app_hidden.current_user_id())', ['owner_id'], ['owner_id']],
  ['(( SELECT auth.uid() AS uid) = user_id)', ['user_id'], ['user_id']],
  ['((docs.owner)::text = CURRENT_USER)', ['owner'], ['owner']],
  ['((owner_id = f()) AND (deleted_at IS NULL))', ['owner_id'], ['owner_id']],
  ['((owner_id = f()) OR is_public)', [], []],
  ["(state = 'open'::text)", [], []],
  ['(a = lower(b))', [], []],
  ['(team_id IN ( SELECT m.team_id FROM members m WHERE (m.user_id = auth.uid())))', [], ['team_id']],
  ['(team_id = ANY (my_teams()))', [], ['team_id']],
  ['(EXISTS ( SELECT 1 FROM members m WHERE (m.team_id = docs.team_id)))', [], []],
])('%s: whose it is says %j, it is found by %j', (predicate, owners, searchable) => {
  const tree = parseExpression(predicate);

  expect(ownerColumns(tree)).toEqual(owners);
  expect(searchableColumns(tree)).toEqual(searchable);
});
