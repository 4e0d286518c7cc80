/** The envelopes of answers outside GraphQL (C-43): `data` or `error`, and `meta` beside it. */
import type { Request, Response } from 'express';
import type { ApiError } from '../errors.ts';

const metaOf = (request: Request, more?: object) => ({
  request_id: request.id,
  timestamp: new Date().toISOString(),
  ...more,
});

/** Answers with data; `meta` is added to what every answer says of itself. */
export function answerData(request: Request, response: Response, status: number, data: unknown, meta?: object): void {
  response.status(status).json({ data, meta: metaOf(request, meta) });
}

/** Answers with an error, in the status of its code. */
export function answerFailure(
  request: Request,
  response: Response,
  { code, message, status, details }: ApiError,
): void {
  response.status(status).json({ error: { code, message, details }, meta: metaOf(request) });
}
