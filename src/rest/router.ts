/** From the table of routes to Express: validate, run the operation, answer in the envelope. */
import type { Request, RequestHandler, Response, Router } from 'express';
import express from 'express';
import { z } from 'zod';
import { ApiError } from '../errors.ts';
import type { Identities } from '../http/authenticate.ts';
import { answerData } from '../http/envelope.ts';
import type { Turns } from '../http/turns.ts';
import { validate } from '../http/validate.ts';
import { eventsPath } from './events.ts';
import type { Operations } from './execute.ts';
import { type Answer, type Data, type Route, routes } from './routes.ts';
import { taskId } from './task.ts';

/**
 * The routes of tasks, to be mounted at /api behind the token and the parser of bodies: under /v1, under nothing (the present version), and
 * under the id of the user, who has to be the one of the token (C-33).
 */
export function restRoutes(
  operations: Operations,
  events: RequestHandler,
  identities: Identities,
  turns: Turns,
): Router {
  const tasks = express.Router({ mergeParams: true });
  tasks.get(eventsPath, events);
  for (const route of routes) tasks[route.method](route.path, handle(route, operations, turns));
  for (const path of new Set(routes.map((route) => route.path))) {
    const allowed = routes.filter((route) => route.path === path).map(({ method }) => method.toUpperCase());
    tasks.all(path, (request, response) => {
      response.set('Allow', allowed.join(', '));
      throw new ApiError('METHOD_NOT_ALLOWED', `${request.method} is not supported here, ${allowed.join(', ')} is.`);
    });
  }

  const router = express.Router();
  router.use('/v1', tasks);
  router.use(tasks);
  router.use('/:user', onlyOwn(identities), tasks);
  return router;
}

/** The path names a user: the one who asks, or it is refused, the same for those who exist and those who do not. */
const onlyOwn =
  (identities: Identities): RequestHandler =>
  (request, _response, next) => {
    const { user } = request.params as { user: string };
    // Express does not look at the case of a path.
    if (/^\/tasks(\/|$)/i.test(request.path) && user !== identities.get(request)!.sub) throw new ApiError('FORBIDDEN');
    next();
  };

const handle =
  (route: Route, { execute }: Operations, turns: Turns): RequestHandler =>
  async (request, response) => {
    const asked = {
      id: route.path.includes(':id') ? validate(pathWithId, { id: request.params.id }).id : '',
      query: validate(route.query ?? noParameters, request.query),
      body: route.body && validate(route.body, bodyOf(request, route)),
      ifVersion: readIfMatch(request),
    };
    await turns.take(response);
    const data = (await execute(request, response, route.document(asked), route.variables(asked))) as Data;
    answer(request, response, route.answer(data, asked));
  };

const noParameters = z.strictObject({});

const pathWithId = z.object({ id: taskId });

function bodyOf(request: Request, route: Route): unknown {
  if (request.body !== undefined) return request.body;
  if (request.headers['content-type'] !== undefined && hasContent(request))
    throw new ApiError('UNSUPPORTED_MEDIA_TYPE');
  if (route.bodyIsOptional) return {};
  throw new ApiError('BAD_REQUEST', 'Send a JSON object as the body.');
}

const hasContent = ({ headers }: Request): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** `If-Match: "7"` is for version 7 only, `*` and none are for any (RFC 9110 §13.1.1). */
function readIfMatch(request: Request): number | undefined {
  const given = request.headers['if-match'];
  if (given === undefined || given === '*') return undefined;
  const version = /^"(\d{1,9})"$/.exec(given)?.[1];
  // No task has such a tag: nothing is done, as for one that has moved on.
  if (version === undefined)
    throw new ApiError('STALE_VERSION', 'If-Match has to be the ETag of the task, such as "7".');
  return Number(version);
}

/**
 * Whether the client has it already (RFC 9110 §13.1.2). Express would ask whether `Cache-Control: no-cache` came with it, as it does from
 * every browser whose script sets `If-None-Match`; that speaks to caches on the way.
 */
const isKnown = (tag: string, given: string | undefined): boolean =>
  given?.split(',').some((one) => [tag, `W/${tag}`, '*'].includes(one.trim())) ?? false;

function answer(request: Request, response: Response, { status, data, meta, task }: Answer): void {
  if (task) {
    const tag = `"${task.version}"`;
    response.set('ETag', tag);
    if (request.method === 'GET' && isKnown(tag, request.headers['if-none-match'])) {
      response.status(304).end();
      return;
    }
  }
  if (task && status === 201) response.location(`${request.baseUrl}/tasks/${task.id}`);
  if (status === 204) response.status(204).end();
  else answerData(request, response, status, data, meta);
}
