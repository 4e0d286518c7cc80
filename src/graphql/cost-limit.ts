/** The limit on what an answer may hold. It needs the variables, so it is looked at when an operation is about to be executed. */
import { type ExecutionArgs, getOperationAST, GraphQLError, type OperationDefinitionNode } from 'postgraphile/graphql';
import { costOf } from './document-cost.ts';

/**
 * In objects of the answer. The largest page in each of the 20 root fields is 2020, a page of 100 with edges, nodes, owners and groups some
 * 600; a page of 100 for each of 100 is more than 10,000.
 */
export const costLimit = 2_500;

/**
 * What an operation costs at the most, whatever its variables. A rule of validation sees no variables either, but would have to refuse by
 * this bound; here it only spares almost every request the counting, because grafserv keeps the documents that it has parsed.
 */
const bounds = new WeakMap<OperationDefinitionNode, number>();

type Asked = Pick<ExecutionArgs, 'schema' | 'document' | 'operationName' | 'variableValues'>;

/** The refusal of an operation over the limit, with TOO_COMPLEX, or undefined. */
export function refuseByCost({ schema, document, operationName, variableValues }: Asked): GraphQLError | undefined {
  const operation = getOperationAST(document, operationName);
  // Which operation is meant is for the execution to complain about.
  if (!operation) return undefined;

  const bound = bounds.get(operation) ?? costOf(schema, document, operation);
  bounds.set(operation, bound);
  if (bound <= costLimit) return undefined;

  const cost = costOf(schema, document, operation, variableValues ?? {});
  if (cost <= costLimit) return undefined;
  const message = `The operation is too complex: its answer may hold ${cost} objects, the limit is ${costLimit}.`;
  return new GraphQLError(message, { nodes: operation, extensions: { code: 'TOO_COMPLEX' } });
}
