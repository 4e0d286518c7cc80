/** One request, as bytes over one connection that everybody shares, as behind a proxy. */
import { Agent, request as open } from 'node:http';
import { inSeconds, mint } from '../../support/tokens.ts';
import type { World } from './worlds.ts';

export type Request = {
  /** What it tries, unique among all: `query tasks(filter.title.equalTo) foreign 1`. */
  label: string;
  /** A write is undone afterwards. */
  isWrite: boolean;
  method: string;
  path: string;
  headers?: Record<string, string>;
  body?: string;
  /** What of the API it reaches, as coverage names it. */
  covers: Cover[];
};

export type Provenance = 'own' | 'foreign' | 'garbage';
export type Cover = { what: string; from: Provenance };

export type Answer = { status: number; headers: string[]; body: string };

const expiry = inSeconds(3_600);

/** What tokens say. Mallory's claims to be much; nobody has none. */
const claims: Record<string, object | undefined> = {
  alice: { sub: 'alice', exp: expiry },
  bob: { sub: 'bob', exp: expiry, email: 'bobs-canary@example.org', name: 'bobs-canary-name' },
  mallory: { sub: 'mallory', exp: expiry, role: 'postgres', owner_id: 'bob', user_id: 'bob', is_admin: true },
  nobody: undefined,
};

export const tokenOf = (actor: string): string | undefined => claims[actor] && mint(claims[actor]);

const tokens = new Map(Object.keys(claims).map((actor) => [actor, tokenOf(actor)]));

const agents = new WeakMap<World, Agent>();

function agentOf(world: World): Agent {
  const agent = agents.get(world) ?? new Agent({ keepAlive: true, maxSockets: 1 });
  agents.set(world, agent);
  return agent;
}

/** Sends it as that person, under an id that is the same in all worlds. */
export function send(world: World, actor: string, request: Request, requestId: string): Promise<Answer> {
  const token = tokens.get(actor);
  const { method, path, body, headers } = request;
  return new Promise((resolve, reject) => {
    const sent = open(`${world.url}${path}`, {
      method,
      agent: agentOf(world),
      headers: {
        'x-request-id': requestId,
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
        ...headers,
      },
    });
    sent.on('error', reject).on('response', (response) => {
      const chunks: Buffer[] = [];
      response
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('error', reject)
        .on('end', () => {
          const { rawHeaders: raw, statusCode } = response;
          const lines = raw.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${raw[at + 1]}`] : []));
          resolve({ status: statusCode!, headers: lines, body: Buffer.concat(chunks).toString() });
        });
    });
    sent.end(body);
  });
}

/** A GraphQL document as a request. */
export const graphql = (query: string, variables: object): Pick<Request, 'method' | 'path' | 'body'> => ({
  method: 'POST',
  path: '/graphql',
  body: JSON.stringify({ query, variables }),
});
