/** Which of two predicates lets more rows through, as far as their form tells. */
import { conjunctsOf, disjunctsOf, parseExpression, printExpression, type Node } from '../expression.ts';
import type { Direction } from './change.ts';

/**
 * Widened when all that passed still passes, narrowed the other way round, changed when the form does not tell; undefined when they mean
 * the same. What is compared may be `false` for a predicate that is absent.
 */
export function comparePredicates(before: string, after: string): Direction | undefined {
  const [from, to] = [parseExpression(before), parseExpression(after)];
  const [keeps, adds] = [implies(from, to), !implies(to, from)];
  if (keeps) return adds ? 'widened' : undefined;
  return adds ? 'changed' : 'narrowed';
}

/** Whether what makes the first true makes the second true; a false answer means only that it cannot be seen. */
function implies(first: Node, second: Node): boolean {
  const [one, other] = [printExpression(first), printExpression(second)];
  if (one === other || one.toLowerCase() === 'false' || other.toLowerCase() === 'true') return true;
  const all = conjunctsOf(second);
  if (all.length > 1) return all.every((part) => implies(first, part));
  const either = disjunctsOf(first);
  if (either.length > 1) return either.every((part) => implies(part, second));
  const some = conjunctsOf(first);
  if (some.length > 1 && some.some((part) => implies(part, second))) return true;
  const any = disjunctsOf(second);
  return any.length > 1 && any.some((part) => implies(first, part));
}
