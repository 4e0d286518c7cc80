/** The two doors of the API, GraphQL and REST: a call through either comes back as the same kind of outcome. */
import { Agent, request } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { type ErrorCode, errorCodes } from '../../../src/errors.ts';
import { inSeconds, mint } from '../../support/tokens.ts';
import { claimsOf, type Outcome, type Task, type Token, type User, users } from './model.ts';

/** A GraphQL operation; `read` makes of its data what the model speaks of. */
export type GraphQLCall = {
  document: string;
  variables?: object;
  read: (data: any) => Outcome;
  /** The page after this one, if there is one: its tasks are added. */
  next?: (data: any) => GraphQLCall | undefined;
};
/** A REST request, below /api/v1; `read` takes the body. */
export type RestCall = {
  method: string;
  path: string;
  ifVersion?: number;
  body?: object;
  read?: (body: any, headers: Record<string, unknown>) => Outcome;
  next?: (body: any) => RestCall | undefined;
};

export type Client = {
  /** Sends the call and gives what it answered. */
  graphql(user: User, token: Token, call: GraphQLCall): Promise<Outcome>;
  rest(user: User, token: Token, call: RestCall): Promise<Outcome>;
  close(): void;
};

/** All that there is to a task. */
export const wire = `fragment Wire on Task {
  id ownerId title description completed completedAt priority dueAt overdue tags version createdAt updatedAt deletedAt
}`;

/** A task as GraphQL answers it. */
export const fromGraphQL = (task: any): Task => ({ ...task, dueAt: task.dueAt && new Date(task.dueAt).toISOString() });

/** A task as REST answers it, under GraphQL's names. */
export const fromRest = ({ user_id, priority, ...rest }: any): Task =>
  fromGraphQL({
    ...Object.fromEntries(Object.entries(rest).map(([name, value]) => [camelCase(name), value])),
    ownerId: user_id,
    priority: priority.toUpperCase(),
  });

const camelCase = (name: string): string => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

/** What a client sends of a task, under the names of REST. */
export const toRest = (fields: object): object =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      name === 'priority' ? value.toLowerCase() : value,
    ]),
  );

/** A client of that server. Everybody has connections of their own. */
export function openClient(url: () => string): Client {
  const agents = new Map(users.map((user) => [user, new Agent({ keepAlive: true })]));
  const tokens = new Map<string, string>();

  const tokenOf = (user: User, token: Token): string => {
    const known = tokens.get(user + token);
    if (known !== undefined) return known;
    const { id: sub, ...claims } = claimsOf(user, token);
    const iat = inSeconds(token === 'early' ? 0 : 86_400);
    const minted = mint({ sub, ...claims, iat, exp: inSeconds(2 * 86_400) });
    tokens.set(user + token, minted);
    return minted;
  };

  const send = (user: User, token: Token, method: string, path: string, headers: object, body?: object) =>
    new Promise<{ status: number; headers: Record<string, unknown>; body: any }>((resolve, reject) => {
      const text = body && JSON.stringify(body);
      const sent = request(
        url() + path,
        {
          method,
          agent: agents.get(user),
          headers: {
            ...headers,
            authorization: `Bearer ${tokenOf(user, token)}`,
            ...(text && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
          },
        },
        (answer) => {
          const parts: Buffer[] = [];
          answer.on('data', (part: Buffer) => parts.push(part));
          answer.on('error', reject);
          answer.on('end', () => {
            const received = Buffer.concat(parts).toString();
            resolve({
              status: answer.statusCode!,
              headers: answer.headers,
              body: received && JSON.parse(received),
            });
          });
        },
      );
      sent.on('error', reject);
      sent.end(text);
    });

  const client: Client = {
    async graphql(user, token, { document, variables, read, next }) {
      const { body } = await send(user, token, 'POST', '/graphql', {}, { query: document, variables });
      const [error] = body.errors ?? [];
      if (error) return failure(error.extensions);
      const following = next?.(body.data);
      const page = read(body.data);
      return following ? together(page, await client.graphql(user, token, following)) : page;
    },
    async rest(user, token, { method, path, ifVersion, body, read, next }) {
      const headers = ifVersion === undefined ? {} : { 'if-match': `"${ifVersion}"` };
      const answer = await send(user, token, method, `/api/v1${path}`, headers, body);
      if (answer.body?.error) {
        const { code } = answer.body.error as { code: ErrorCode };
        if (answer.status !== errorCodes[code].status)
          throw new Error(`${code} came with the status ${answer.status}.`);
        return failure(answer.body.error);
      }
      const page = read ? read(answer.body, answer.headers) : {};
      const following = next?.(answer.body);
      return following ? together(page, await client.rest(user, token, following)) : page;
    },
    close: () => {
      for (const agent of agents.values()) agent.destroy();
    },
  };
  return client;
}

/** Two pages of a list, which have to say the same of the whole of it. */
function together(page: Outcome, rest: Outcome): Outcome {
  if (rest.code || !isDeepStrictEqual(page.value, rest.value)) return rest;
  return { ...page, tasks: [...(page.tasks ?? []), ...(rest.tasks ?? [])] };
}

const failure = ({ code, details }: { code: ErrorCode; details?: unknown }): Outcome => ({
  code,
  ...(details !== undefined && code !== 'VALIDATION_FAILED' && { details }),
});
