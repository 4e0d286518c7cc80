/** Connections to a server that stay open, over which requests of many users go, each with a token and a task of its own. */
import { Client } from 'undici';
import type { Send } from './loops.ts';
import { chooseOperation, type Contract, faultOf, makeRequest, type Workload } from './workloads.ts';

/** Somebody who asks: a token, and the ids of some tasks. */
export type Person = { token: string; ids: readonly string[] };

export type Connections = {
  send: Send;
  close(): Promise<void>;
};

export type Load = {
  url: string;
  contract: Contract;
  workload: Workload;
  connections: number;
  people: readonly Person[];
};

const oneOf = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)]!;

/** Opens them, some at a time, and sends two requests over each: what is measured then is neither connecting nor planning. */
export async function openConnections({ url, contract, workload, connections, people }: Load): Promise<Connections> {
  const clients = Array.from(
    { length: connections },
    () => new Client(url, { pipelining: 1, headersTimeout: 30_000, bodyTimeout: 30_000 }),
  );
  let made = 0;

  const send: Send = (connection) =>
    new Promise((resolve, reject) => {
      const { token, ids } = oneOf(people);
      const operation = chooseOperation(workload, Math.random());
      const expected = { id: oneOf(ids), title: `Made by the bench, number ${(made += 1)}` };
      const { method, path, body } = makeRequest(contract, operation, expected.id, expected.title);
      const headers = {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      };
      const chunks: Buffer[] = [];
      let status = 0;
      clients[connection]!.dispatch(
        { method, path, headers, body },
        {
          onRequestStart() {},
          onResponseStart(_controller, statusCode) {
            status = statusCode;
          },
          onResponseData(_controller, chunk) {
            chunks.push(chunk);
          },
          onResponseEnd() {
            const answer = Buffer.concat(chunks).toString();
            const fault = faultOf(operation, expected, status, answer);
            if (fault === undefined) resolve();
            else reject(new Error(`${operation}: ${fault}: ${answer.slice(0, 300)}`));
          },
          onResponseError(_controller, error) {
            reject(error);
          },
        },
      );
    });

  const atOnce = 64;
  for (let first = 0; first < connections; first += atOnce) {
    const some = Array.from({ length: Math.min(atOnce, connections - first) }, (_, number) => first + number);
    for (let i = 0; i < 2; i += 1) await Promise.all(some.map(send));
  }
  return {
    send,
    async close() {
      await Promise.all(clients.map((client) => client.destroy()));
    },
  };
}
