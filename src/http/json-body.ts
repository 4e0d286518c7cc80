/** Express middleware behind `express.json()`: what is posted is a JSON object, or the request goes no further. */
import type { RequestHandler } from 'express';
import { ApiError } from '../errors.ts';

/** Refuses a POST whose body is not JSON (415) or not an object (400). */
export const requireJsonObject: RequestHandler = (request, _response, next) => {
  if (request.method === 'POST') {
    // The parser leaves the body alone when the media type is another, or when there is none.
    if (request.body === undefined)
      throw new ApiError(request.headers['content-type'] ? 'UNSUPPORTED_MEDIA_TYPE' : 'BAD_REQUEST');
    if (Array.isArray(request.body))
      throw new ApiError('BAD_REQUEST', 'The body must be a JSON object: batches are not supported.');
  }
  next();
};
