/**
 * `GET /tasks/events`: changes of one's own tasks as server-sent events, for front ends without WebSockets. It is the subscription
 * `taskChanged`; with `Last-Event-ID`, what changed meanwhile is told first.
 */
import { once } from 'node:events';
import type { Request, RequestHandler, Response } from 'express';
import { atExpiry } from '../auth/expiry.ts';
import { ApiError } from '../errors.ts';
import type { Identities } from '../http/authenticate.ts';
import { logOf } from '../http/request-log.ts';
import { validate } from '../http/validate.ts';
import { z } from 'zod';
import type { Operations } from './execute.ts';
import { datetime, taskFragment, toWire, type WireTask } from './task.ts';

export const eventsPath = '/tasks/events';

const subscription = `subscription RestEvents { taskChanged { event id task { ...Wire } } } ${taskFragment}`;

/** What changed since a point in time; one page, because who was away for longer has to read anew. */
const missed = `query RestMissed($since: Datetime!) {
  tasks(filter: { updatedAt: { greaterThanOrEqualTo: $since } }, trash: INCLUDE, orderBy: [UPDATED_AT_ASC], first: 100) {
    nodes { ...Wire }
    pageInfo { hasNextPage }
  }
} ${taskFragment}`;

type Change = { taskChanged: { event: string; id: string; task: Record<string, unknown> | null } };
type Missed = { tasks: { nodes: Record<string, unknown>[]; pageInfo: { hasNextPage: boolean } } };

/** Milliseconds between signs of life: proxies cut connections that are silent for a minute, some for half of one. */
const heartbeatMs = 15_000;

/** Milliseconds by which what is told again begins earlier: a change is dated by its beginning, and seen at its commit. */
const overlapMs = 10_000;

export type Events = {
  handler: RequestHandler;
  /** Ends all streams: clients reconnect, elsewhere or later. */
  stop(): Promise<void>;
};

/** The handler, for a route behind the token. */
export function createEvents({ execute, subscribe }: Operations, identities: Identities): Events {
  const open = new Set<() => void>();

  const handler: RequestHandler = async (request, response) => {
    validate(z.strictObject({}), request.query);
    const since = readLastEventId(request);
    // First of all: what changes from now on is kept until it is asked for.
    const changes = (await subscribe(request, response, subscription, {})) as AsyncIterableIterator<Change>;
    const end = () => void changes.return?.();
    const callOff = atExpiry(identities.get(request)!, end);
    const heartbeat = setInterval(() => response.write(': \n\n'), heartbeatMs);
    open.add(end);
    response.once('close', end);
    try {
      start(response);
      if (since !== undefined) await tellMissed(request, response, since);
      for await (const { taskChanged } of changes) {
        const { event, id, task } = taskChanged;
        await send(response, event.toLowerCase(), { id, task: task && toWire(task) });
      }
    } catch (error) {
      // The headers are out: the stream can only say why it ends.
      const { code, message } = error instanceof ApiError ? error : new ApiError('INTERNAL');
      if (!(error instanceof ApiError)) logOf(request).error({ err: error }, 'a stream of events failed');
      response.write(`event: error\ndata: ${JSON.stringify({ code, message })}\n\n`);
    } finally {
      callOff();
      clearInterval(heartbeat);
      open.delete(end);
      end();
      response.end();
    }
  };

  async function tellMissed(request: Request, response: Response, since: Date): Promise<void> {
    const from = new Date(since.getTime() - overlapMs).toISOString();
    const { tasks } = (await execute(request, response, missed, { since: from })) as Missed;
    // More than a page: what is on the client's screen is of no use any more.
    if (tasks.pageInfo.hasNextPage) response.write('event: reset\ndata: {}\n\n');
    else for (const task of tasks.nodes) await send(response, 'updated', { id: String(task.id), task: toWire(task) });
  }

  return {
    handler,
    stop() {
      for (const end of open) end();
      return Promise.resolve();
    },
  };
}

function start(response: Response): void {
  response.status(200).set({
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    // nginx would hold events back until a buffer is full.
    'X-Accel-Buffering': 'no',
  });
  response.flushHeaders();
  response.write('retry: 2000\n\n');
}

/** Sends one event; waits when the client does not keep up. Its id is when the task last changed. */
async function send(response: Response, event: string, data: { id: string; task: WireTask | null }): Promise<void> {
  const at = data.task?.updated_at ?? new Date().toISOString();
  const taken = response.write(`id: ${at}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  if (!taken && !response.destroyed) await Promise.race([once(response, 'drain'), once(response, 'close')]);
}

/** The `id` of the event that the client saw last: a point in time. */
function readLastEventId(request: Request): Date | undefined {
  const given = request.headers['last-event-id'];
  if (given === undefined || given === '') return undefined;
  return new Date(validate(z.strictObject({ 'Last-Event-ID': datetime }), { 'Last-Event-ID': given })['Last-Event-ID']);
}
