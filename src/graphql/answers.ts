/**
 * Where every GraphQL answer passes before it leaves: errors of parsing, validation and execution become public errors, over HTTP and
 * WebSocket alike, and so do the refusals that grafserv words itself.
 *
 * Nothing here is a middleware that grafserv or grafast runs for each request: those make functions with properties, and V8 keeps what such
 * functions hold, which is the whole request, until its next full collection: a tenth of the time, and a third of the memory (ADR 18).
 */
import type { IncomingMessage } from 'node:http';
import 'postgraphile/grafserv/node';
import pg from 'pg';
import type { GrafservBase, RequestDigest, Result as HttpResult } from 'postgraphile/grafserv';
import { type ExecutionArgs, getOperationAST, GraphQLError, OperationTypeNode } from 'postgraphile/graphql';
import { isAsyncIterable, type PromiseOrDirect } from 'postgraphile/grafast';
import { ApiError, type ErrorCode, errorCodes } from '../errors.ts';
import { logOf } from '../http/request-log.ts';
import { refuseByCost } from './cost-limit.ts';
import { type ErrorContext, innermost, publicError } from './errors.ts';
import { refusedValues } from './refused-values.ts';

/** The HTTP request, or the one that opened the WebSocket. */
export function requestOf(context: Partial<Grafast.RequestContext>): IncomingMessage {
  const request = context.node?.req ?? context.ws?.request;
  if (!request) throw new Error('A GraphQL operation without a request.');
  return request;
}

/** Makes errors public; `contextOf` gives the request's id and log. */
export function answersPlugin(contextOf: (request: IncomingMessage) => ErrorContext): GraphileConfig.Plugin {
  return {
    name: 'HedgerowAnswersPlugin',
    version: '1.0.0',
    grafserv: {
      middleware: {
        setPreset(next, event) {
          const { getExecutionConfig } = event;
          event.getExecutionConfig = async function (requestContext) {
            const config = await getExecutionConfig.call(this, requestContext);
            const context = contextOf(requestOf(requestContext));
            const toPublic = async (error: GraphQLError, operation: ExecutionArgs) =>
              publicError(error, context, await detailsOf(error, operation, context));
            const answerOf = async <T extends Result | AsyncGenerator<Result>>(
              args: ExecutionArgs,
              run: (args: ExecutionArgs) => PromiseOrDirect<T>,
            ) => {
              const refusal = refuseByCost(args);
              const result = refusal ? { errors: [refusal] } : await run(args);
              return eachResult(result, (error) => toPublic(error, args));
            };
            return {
              ...config,
              parseAndValidate(document) {
                const result = config.parseAndValidate(document);
                return result.errors
                  ? { errors: result.errors.map((error) => publicError(withDocumentCode(error), context)) }
                  : result;
              },
              async execute(args) {
                // Over HTTP grafserv would answer a subscription with a stream that nobody ends when the token expires.
                const isStream =
                  getOperationAST(args.document, args.operationName)?.operation === OperationTypeNode.SUBSCRIPTION;
                if (isStream) return { errors: [await toPublic(toGraphQLError(onlyOverWebSocket()), args)] };
                // For grafserv, which has to be told too (preset.ts); REST wants to look into what there is.
                const outputDataAsString = requestContext.http !== undefined;
                return answerOf(Object.assign(args, { outputDataAsString }), config.execute);
              },
              subscribe: (args) => answerOf(args, config.subscribe),
            };
          };
          return next();
        },
      },
    },
  };
}

/** From what of a request concerns GraphQL to the answer, for whatever writes it. */
export type ProcessRequest = (digest: RequestDigest) => PromiseOrDirect<HttpResult | null>;

/**
 * From now on gives a code and the request's id to what grafserv refuses before it comes to a document: a body of the wrong shape, a method, a media
 * type. Returns what its handlers call for each request.
 */
export function makeRefusalsPublic(grafserv: GrafservBase): ProcessRequest {
  // Its types keep it for subclasses.
  const inside = grafserv as unknown as { processRequest: ProcessRequest };
  const processRequest = inside.processRequest.bind(grafserv);
  inside.processRequest = async (digest) => {
    digest.preferJSON = true;
    const result = await processRequest(digest);
    if (result?.type !== 'json' || result.statusCode < 400) return result;
    const { id: requestId } = requestOf(digest.requestContext);
    const { errors } = result.json as { errors: { extensions?: { code?: string; requestId?: string } }[] };
    for (const error of errors) {
      error.extensions = { code: error.extensions?.code ?? codeOfStatus(result.statusCode), requestId };
    }
    return result;
  };
  return inside.processRequest;
}

/** A syntax error points into the text, because there are no nodes yet. */
function withDocumentCode(error: GraphQLError): GraphQLError {
  const isSyntax = error.nodes === undefined && error.source !== undefined;
  const code: ErrorCode = isSyntax ? 'GRAPHQL_PARSE_FAILED' : 'GRAPHQL_VALIDATION_FAILED';
  return Object.assign(error, { extensions: { code, ...error.extensions } });
}

function codeOfStatus(status: number): ErrorCode {
  const codes = Object.keys(errorCodes) as ErrorCode[];
  return codes.find((code) => errorCodes[code].status === status) ?? 'INTERNAL';
}

/** What PostgreSQL refused, place by place. The error stays what it is when that cannot be found out. */
async function detailsOf(error: GraphQLError, operation: ExecutionArgs, { rules, request }: ErrorContext) {
  const cause = innermost(error);
  if (!(cause instanceof pg.DatabaseError)) return undefined;
  try {
    return await refusedValues(error, cause, operation, rules);
  } catch (failure) {
    logOf(request).warn({ err: failure }, 'the values that were refused could not be found');
    return undefined;
  }
}

type Result = { errors?: readonly GraphQLError[] };
type ToPublic = (error: GraphQLError) => Promise<GraphQLError>;

/** Applies `toPublic` to the errors of one result, or of each that a stream yields. */
async function eachResult<T extends Result | AsyncGenerator<Result>>(result: T, toPublic: ToPublic): Promise<T> {
  if (isAsyncIterable(result)) return mapStream(result, toPublic) as AsyncIterable<Result> as T;
  return result.errors ? { ...result, errors: await Promise.all(result.errors.map(toPublic)) } : result;
}

/** Not an async generator: those cannot be left while they wait for a result. What is thrown becomes the last result. */
function mapStream(results: AsyncGenerator<Result, undefined>, toPublic: ToPublic): AsyncIterableIterator<Result> {
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      try {
        const next: IteratorResult<Result, undefined> = await results.next();
        return next.done ? next : { done: false, value: await eachResult(next.value, toPublic) };
      } catch (error) {
        return { done: false, value: { errors: [await toPublic(toGraphQLError(error))] } };
      }
    },
    return: () => results.return(undefined),
  };
}

const onlyOverWebSocket = () => new ApiError('BAD_REQUEST', 'Subscriptions go over a WebSocket.');

const toGraphQLError = (error: unknown): GraphQLError =>
  error instanceof GraphQLError ? error : new GraphQLError('', { originalError: error as Error });
