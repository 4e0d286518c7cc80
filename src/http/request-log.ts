/** Request ids and the request log: one line for each answer, the id in the line and in the answer, never a token. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { pino, type DestinationStream, type Logger } from 'pino';
import { type HttpLogger, pinoHttp } from 'pino-http';

/** A logger of structured lines. What may hold a token or a password is removed wherever it turns up. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: serializeError },
    redact: [
      'authorization',
      '*.authorization',
      '*.headers.authorization',
      '*.headers.cookie',
      '*.password',
      '*.connectionString',
    ],
  };
  return destination ? pino(options, destination) : pino(options);
}

/** What of an error goes into the log: pg hangs the whole connection on some, with the key that cancels its queries. */
const errorFields = [
  'code',
  'severity',
  'schema',
  'table',
  'column',
  'constraint',
  'routine',
  'syscall',
  'path',
] as const;

function serializeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const fields = errorFields.flatMap((name) => {
    const value = (error as Partial<Record<typeof name, unknown>>)[name];
    return value === undefined ? [] : [[name, value]];
  });
  return {
    type: error.name,
    message: error.message,
    stack: error.stack,
    ...(Object.fromEntries(fields) as object),
    ...(error.cause !== undefined && { cause: serializeError(error.cause) }),
  };
}

/** Ids that callers may choose: enough for UUIDs and trace ids, nothing that could break a log line. */
const acceptableId = /^[A-Za-z0-9._-]{1,64}$/;

/** The caller's `X-Request-Id` when it is acceptable, else a new one. */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && acceptableId.test(given) ? given : randomUUID();
}

/** Express middleware: gives the request an id and a log of its own, and the answer an `X-Request-Id`. */
export function requestLog(log: Logger): HttpLogger {
  return pinoHttp({
    logger: log,
    quietReqLogger: true,
    customAttributeKeys: { reqId: 'requestId' },
    genReqId(request, response) {
      const id = requestIdOf(request);
      response.setHeader('X-Request-Id', id);
      return id;
    },
    // The path without its query: a query may hold what a person typed.
    serializers: {
      req: (request: { method: string; url: string }) => ({ method: request.method, path: request.url.split('?')[0] }),
      res: (response: { statusCode: number }) => ({ status: response.statusCode }),
    },
    customLogLevel: (_request, response, error) => (error || response.statusCode >= 500 ? 'error' : 'info'),
  });
}
