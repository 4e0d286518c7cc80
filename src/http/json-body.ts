/** Bodies that have to be a JSON object, or the request goes no further. */
import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { ApiError } from '../errors.ts';

/** Express middleware behind `express.json()`: refuses a POST whose body is not JSON (415) or not an object (400). */
export const requireJsonObject: RequestHandler = (request, _response, next) => {
  if (request.method === 'POST') {
    // The parser leaves the body alone when the media type is another, or when there is none.
    if (request.body === undefined)
      throw new ApiError(request.headers['content-type'] ? 'UNSUPPORTED_MEDIA_TYPE' : 'BAD_REQUEST');
    refuseBatch(request.body);
  }
  next();
};

/** JSON in UTF-8, as nearly all clients say it. */
const plainJson = /^application\/json(; ?charset=utf-8)?$/i;

/** Whether a body comes as nearly all do, so that `readJsonObject` may read it: JSON of a known length within the limit, as it is. */
export function hasPlainJson({ headers }: IncomingMessage, limit: number): boolean {
  const length = Number(headers['content-length']);
  return (
    length > 0 &&
    length <= limit &&
    headers['content-encoding'] === undefined &&
    plainJson.test(headers['content-type'] ?? '')
  );
}

/** Reads such a body; rejects with BAD_REQUEST. Of a client that hangs up meanwhile nothing more is heard. */
export async function readJsonObject(request: IncomingMessage): Promise<object> {
  const chunks: Buffer[] = [];
  await new Promise((resolve) => request.on('data', (chunk: Buffer) => chunks.push(chunk)).once('end', resolve));
  const text = (chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)).toString();
  const body = parse(text);
  refuseBatch(body);
  return body;
}

function parse(text: string): object {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null) return body;
  } catch {
    // It is told below, without the place: that would be a piece of what somebody sent.
  }
  throw new ApiError('BAD_REQUEST', 'The body is not valid JSON.');
}

function refuseBatch(body: unknown): void {
  if (Array.isArray(body))
    throw new ApiError('BAD_REQUEST', 'The body must be a JSON object: batches are not supported.');
}
