/** Runs an operation on the GraphQL schema for a request to a REST route: the same process, settings, limits and errors. */
import type { Request, Response } from 'express';
import 'postgraphile/grafserv/node';
import { hookArgs, isAsyncIterable } from 'postgraphile/grafast';
import type { GrafservBase } from 'postgraphile/grafserv';
import type { ExecutionResult } from 'postgraphile/graphql';
import { ApiError, type ErrorCode, type ErrorDetails } from '../errors.ts';
import { toWireField } from './task.ts';

type Asking = [request: Request, response: Response, document: string, variables: Record<string, unknown>];

export type Operations = {
  /**
   * Runs a query or mutation and gives its data.
   * Throws ApiError with the code, message and details that GraphQL would answer, the places of values named as on the wire.
   */
  execute(...asking: Asking): Promise<unknown>;
  /** Runs a subscription and gives its results one by one; an error is thrown in the same way, and is the last of them. */
  subscribe(...asking: Asking): Promise<AsyncIterableIterator<unknown>>;
};

/** Runs operations on the schema that grafserv serves. */
export function createOperations(grafserv: GrafservBase): Operations {
  const prepare = async (...[request, response, document, variables]: Asking) => {
    const requestContext: Partial<Grafast.RequestContext> = { node: { req: request, res: response } };
    const config = await grafserv.getExecutionConfig(requestContext);
    // Parsed and validated once: grafserv keeps documents by their text.
    const parsed = config.parseAndValidate(document);
    if (parsed.errors) throw new Error(`A document of src/rest/ does not fit the schema: ${parsed.errors.join(' ')}`);
    const args = {
      schema: config.schema,
      document: parsed.document,
      variableValues: variables,
      contextValue: config.contextValue,
      resolvedPreset: config.resolvedPreset,
      requestContext,
      middleware: grafserv.grafastMiddleware,
    };
    await hookArgs(args);
    return { config, args };
  };

  return {
    async execute(...asking) {
      const { config, args } = await prepare(...asking);
      return dataOf((await config.execute(args)) as ExecutionResult);
    },
    async subscribe(...asking) {
      const { config, args } = await prepare(...asking);
      const results = await config.subscribe(args);
      if (!isAsyncIterable(results)) {
        dataOf(results);
        throw new ApiError('INTERNAL');
      }
      return eachData(results as AsyncGenerator<ExecutionResult>);
    },
  };
}

/** Not an async generator: those cannot be left while they wait for a result. */
function eachData(results: AsyncGenerator<ExecutionResult>): AsyncIterableIterator<unknown> {
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      const next = await results.next();
      return next.done ? { done: true, value: undefined } : { done: false, value: dataOf(next.value) };
    },
    async return() {
      await results.return(undefined);
      return { done: true, value: undefined };
    },
  };
}

function dataOf({ data, errors }: ExecutionResult): unknown {
  const [error] = errors ?? [];
  if (!error) return data;
  const { code, details } = error.extensions as { code: ErrorCode; details?: ErrorDetails };
  throw new ApiError(code, error.message, { details: onTheWire(details) });
}

/** Details with the names of the wire in place of GraphQL's. */
function onTheWire(details: ErrorDetails | undefined): ErrorDetails | undefined {
  if (!Array.isArray(details)) return details;
  return (details as Record<string, unknown>[]).map(({ field, ...rest }) => ({
    field: toWireField(String(field)),
    ...rest,
  }));
}
