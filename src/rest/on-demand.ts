/** Routes that are loaded by the first request that comes to them: most servers are never asked, and every process would keep what they need. */
import type { RequestHandler, Router } from 'express';

/** Hands requests on to a router, which is made when the first of them comes. */
export function onDemand(load: () => Promise<Router>): RequestHandler {
  let routes: Promise<Router> | undefined;
  return async (request, response, next) => (await (routes ??= load()))(request, response, next);
}
