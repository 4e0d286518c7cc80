/**
 * `POST /graphql` with a JSON body, as nearly all requests are: the same steps and the same answers as on the way that is for all requests
 * (app.ts), without what Express, its parsers and grafserv's handler do for those that are otherwise: a quarter of what a request costs.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JSONValue } from 'postgraphile/grafast';
import type { RequestDigest } from 'postgraphile/grafserv';
import type { Headers } from '../http/headers.ts';
import { hasPlainJson, readJsonObject } from '../http/json-body.ts';
import type { Turns } from '../http/turns.ts';
import type { ProcessRequest } from './answers.ts';

export type PostOptions = {
  processRequest: ProcessRequest;
  /** What a request passes before its body is read; rejects with an ApiError. */
  enter: (request: IncomingMessage) => Promise<void>;
  turns: Turns;
  headers: Headers;
  /** In bytes. */
  bodyLimit: number;
};

/** Answers such requests. Calls `otherwise` for all others, and with the reason for those that it refuses: they are still to be answered. */
export function answerPosts({ processRequest, enter, turns, headers, bodyLimit }: PostOptions) {
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    await enter(request);
    const body = await readJsonObject(request);
    await turns.take(response);
    const result = await processRequest(digestOf(request, response, body));
    // What was executed is text already; what was refused before is not.
    if (result?.type !== 'buffer' && result?.type !== 'json')
      throw result?.type === 'error' ? result.error : new Error(`An answer of the type ${result?.type}.`);
    const text = result.type === 'buffer' ? result.buffer : Buffer.from(JSON.stringify(result.json));
    headers.begin(request, response, result.statusCode, {
      ...result.headers,
      'content-length': String(text.length),
    });
    response.end(text);
  }

  return (request: IncomingMessage, response: ServerResponse, otherwise: (error?: unknown) => void): void => {
    const isOne = request.method === 'POST' && request.url === '/graphql' && hasPlainJson(request, bodyLimit);
    if (isOne) answer(request, response).catch(otherwise);
    else otherwise();
  };
}

const digestOf = (req: IncomingMessage, res: ServerResponse, json: object): RequestDigest => ({
  httpVersionMajor: req.httpVersionMajor,
  httpVersionMinor: req.httpVersionMinor,
  isSecure: false,
  method: 'POST',
  path: '/graphql',
  headers: {
    'content-type': 'application/json',
    ...(req.headers.accept !== undefined && { accept: req.headers.accept }),
  },
  getQueryParams: () => ({}),
  getBody: () => ({ type: 'json', json: json as JSONValue }),
  requestContext: { node: { req, res } },
});
