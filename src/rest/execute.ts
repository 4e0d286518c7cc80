/** Runs an operation on the GraphQL schema for a request to a REST route: the same process, settings, limits and errors. */
import type { Request, Response } from 'express';
import 'postgraphile/grafserv/express/v4';
import { hookArgs } from 'postgraphile/grafast';
import type { GrafservBase } from 'postgraphile/grafserv';
import type { ExecutionResult } from 'postgraphile/graphql';
import { ApiError, type ErrorCode, type ErrorDetails } from '../errors.ts';
import { toWireField } from './task.ts';

export type Execute = (
  request: Request,
  response: Response,
  document: string,
  variables: Record<string, unknown>,
) => Promise<unknown>;

/**
 * Gives the function that runs an operation and gives its data.
 * It throws ApiError with the code, message and details that GraphQL would answer, the places of values named as on the wire.
 */
export function createExecute(grafserv: GrafservBase): Execute {
  return async (request, response, document, variables) => {
    const requestContext = { expressv4: { req: request, res: response } } as Grafast.RequestContext;
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
    const { data, errors } = (await config.execute(args)) as ExecutionResult;
    const [error] = errors ?? [];
    if (!error) return data;
    const { code, details } = error.extensions as { code: ErrorCode; details?: ErrorDetails };
    throw new ApiError(code, error.message, { details: onTheWire(details) });
  };
}

/** Details with the names of the wire in place of GraphQL's. */
function onTheWire(details: ErrorDetails | undefined): ErrorDetails | undefined {
  if (!Array.isArray(details)) return details;
  return (details as Record<string, unknown>[]).map(({ field, ...rest }) => ({
    field: toWireField(String(field)),
    ...rest,
  }));
}
