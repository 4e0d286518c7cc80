/** `signup` and `signin`: a token at once, in the envelope of the REST API. Better Auth does the work. */
import { fromNodeHeaders } from 'better-auth/node';
import type { Request as ExpressRequest, Response as ExpressResponse, Router } from 'express';
import express from 'express';
import { z } from 'zod';
import { ApiError } from '../errors.ts';
import { answerData } from '../http/envelope.ts';
import { requireJsonObject } from '../http/json-body.ts';
import { validate } from '../http/validate.ts';
import { accountsPath } from './path.ts';
import type { IdentityProvider } from './provider.ts';

/** The two routes; the JSON of a body has been read by then. */
export function directRoutes(provider: IdentityProvider): Router {
  const routes = express.Router();

  routes.post('/signup', requireJsonObject, async (request, response) => {
    const { email, password, name } = validate(newAccount, request.body);
    const answer = await ask(provider, request, '/sign-up/email', {
      email,
      password,
      name: name ?? email.split('@')[0]!.slice(0, 200),
    });
    await answerWithToken(provider, request, response, answer, 201);
  });

  routes.post('/signin', requireJsonObject, async (request, response) => {
    const answer = await ask(provider, request, '/sign-in/email', validate(credentials, request.body));
    await answerWithToken(provider, request, response, answer, 200);
  });

  return routes;
}

/** The passwords that Better Auth accepts. */
const password = z
  .string()
  .min(8, 'A password has at least 8 characters.')
  .max(128, 'A password has at most 128 characters.');
const email = z.email('This is not an e-mail address.').max(320, 'An e-mail address has at most 320 characters.');
const name = z
  .string()
  .min(1, 'A name has 1 to 200 characters.')
  .max(200, 'A name has 1 to 200 characters.')
  .optional();

const newAccount = z.strictObject({ email, password, name });

/** A wrong password may have any form: it is refused as wrong, not as badly made. */
const credentials = z.strictObject({ email: z.string(), password: z.string() });

/** Better Auth's answer to the same client asking something else: its checks of origins see the client's own headers. */
async function ask(provider: IdentityProvider, request: ExpressRequest, path: string, body: object): Promise<Response> {
  const headers = fromNodeHeaders(request.headers);
  headers.set('content-type', 'application/json');
  headers.delete('content-length');
  const url = new URL(`${accountsPath}${path}`, `http://${request.headers.host ?? 'localhost'}`);
  return provider.handle(new Request(url, { method: 'POST', headers, body: JSON.stringify(body) }));
}

/** Answers with a token and the user, and hands on the session's cookie; or with what Better Auth has against it. */
async function answerWithToken(
  provider: IdentityProvider,
  request: ExpressRequest,
  response: ExpressResponse,
  answer: Response,
  status: number,
): Promise<void> {
  const content = (await answer.json().catch(() => ({}))) as {
    code?: string;
    message?: string;
    token?: string | null;
    user?: { id: string; email: string; name: string };
  };
  if (!answer.ok || !content.user) throw refusal(answer.status, content);
  const { id, email, name } = content.user;
  response.append('Set-Cookie', answer.headers.getSetCookie());
  // Without a session there is no token yet: the address has to be confirmed first.
  const token = content.token ? await provider.issueToken(content.token) : null;
  answerData(request, response, status, { token, user: { id, email, name } });
}

function refusal(status: number, { code, message }: { code?: string; message?: string }): ApiError {
  if (code?.startsWith('USER_ALREADY_EXISTS')) return new ApiError('CONFLICT', 'This e-mail address has an account.');
  if (code === 'EMAIL_NOT_VERIFIED') {
    return new ApiError('FORBIDDEN', 'The address has not been confirmed yet: open the link in the mail.');
  }
  // The same for an address that has no account, one that is none, and a wrong password.
  if (status === 401 || code === 'INVALID_EMAIL') {
    return new ApiError('UNAUTHENTICATED', 'The e-mail address or the password is wrong.');
  }
  if (status === 403) return new ApiError('FORBIDDEN', message);
  if (status < 500) return new ApiError('VALIDATION_FAILED', message);
  return new ApiError('INTERNAL');
}
