/** /api/auth: what is let through to Better Auth, and to the two routes of our own beside it. */
import { toNodeHandler } from 'better-auth/node';
import type { RequestHandler, Router } from 'express';
import express from 'express';
import { ApiError } from '../errors.ts';
import { limitAddress, type Limits } from '../http/rate-limit.ts';
import { directRoutes } from './direct-routes.ts';
import type { IdentityProvider } from './provider.ts';

export type AccountRoutesOptions = {
  provider: IdentityProvider;
  /** The largest request body, in bytes. */
  bodyLimit: number;
  /** Of one address each. */
  limits: Pick<Limits, 'signIn' | 'signUp' | 'reset'>;
};

/** The routes below /api/auth. */
export function accountRoutes({ provider, bodyLimit, limits }: AccountRoutesOptions): Router {
  const routes = express.Router();
  routes.use(plainPathsOnly, noStore);
  routes.use(
    ['/sign-in', '/signin', '/change-password', '/verify-password', '/delete-user'],
    limitAddress(limits.signIn),
  );
  routes.use(['/sign-up', '/signup'], limitAddress(limits.signUp));
  routes.use(
    ['/request-password-reset', '/reset-password', '/send-verification-email', '/verify-email'],
    limitAddress(limits.reset),
  );
  routes.use(programsAreNotBrowsers, express.json({ limit: bodyLimit }), onlyJson);

  routes.use(directRoutes(provider));
  routes.all('/*splat', betterAuth(provider));
  return routes;
}

/** Better Auth's own routes. What goes wrong inside is answered, and logged, as everywhere. */
function betterAuth(provider: IdentityProvider): RequestHandler {
  const handle = toNodeHandler(async (request: Request) => {
    const answer = await provider.handle(request);
    // It says so without JSON.
    if (answer.status === 404 && !answer.headers.get('content-type')?.includes('json')) throw new ApiError('NOT_FOUND');
    return answer;
  });
  return (request, response) => handle(request, response);
}

/**
 * Better Auth reads a path as a URL, in which `/x/../sign-in`, `//sign-in` and `/sign%2din` may be the same; the limits look at its letters.
 */
const plainPathsOnly: RequestHandler = (request, _response, next) => {
  if (!/^(\/[\w-]+)+\/?$/.test(request.path)) throw new ApiError('NOT_FOUND');
  next();
};

/** Answers hold tokens; all but the published keys, which are for everybody. */
const noStore: RequestHandler = (request, response, next) => {
  if (request.path !== '/jwks') response.set('Cache-Control', 'no-store');
  next();
};

/**
 * Node's fetch sends Sec-Fetch-Mode, and Better Auth takes who sends it for a browser, which has to name its origin. Browsers send
 * Sec-Fetch-Site in any case; nobody else does.
 */
const programsAreNotBrowsers: RequestHandler = ({ headers }, _response, next) => {
  if (headers['sec-fetch-site'] === undefined) delete headers['sec-fetch-mode'];
  next();
};

/** Other media types could be sent by a form of any site. */
const onlyJson: RequestHandler = (request, _response, next) => {
  if (request.headers['content-type'] !== undefined && request.body === undefined && request.method !== 'GET') {
    throw new ApiError('UNSUPPORTED_MEDIA_TYPE');
  }
  next();
};
