/** A client of any server, by its URL: one request over HTTP, or one over a WebSocket. */
import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';

/** What came of a request. `code` is that of the first error. */
export type Answer = { status: number; headers: Headers; data?: any; code?: string; message?: string };

/** One GraphQL operation over HTTP. */
export async function ask(url: string, token: string, query: string, variables?: object): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as any;
  const { status, headers } = response;
  return { status, headers, data, code: errors?.[0].extensions.code, message: errors?.[0].message };
}

/** A client that connects at its first operation, and only once. */
export const openSocket = (url: string, token: string): Client =>
  createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });

/** One query over a WebSocket of its own: its data, or the code with which the server closed the socket. */
export async function askBySocket(url: string, token: string, query: string): Promise<any> {
  const client = openSocket(url, token);
  try {
    for await (const { data } of client.iterate({ query })) return data;
  } catch (closed) {
    return (closed as { code: number }).code;
  } finally {
    await client.dispose();
  }
}

/** Asks every half second until the answer is yes. */
export async function waitUntil(what: () => Promise<boolean>, withinMs: number): Promise<void> {
  for (const end = Date.now() + withinMs; !(await what());) {
    if (Date.now() > end) throw new Error(`It did not come within ${withinMs} ms.`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
