/** Two ways to put load on a server: as many requests at once as there are connections, or so many a second whatever it answers. */
import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../support/statistics.ts';

/** Sends one request over the connection of that number; rejects when it, or its answer, fails. */
export type Send = (connection: number) => Promise<void>;

export type Outcome = {
  requests: number;
  errors: number;
  /** Of the first that failed. */
  fault?: string;
  seconds: number;
  /** Milliseconds below which half, 95 and 99 of 100 requests were answered, failed ones too. */
  p50: number;
  p95: number;
  p99: number;
};

/** A closed loop: each connection sends its next request when the last was answered. */
export async function closedLoop(send: Send, connections: number, requests: number): Promise<Outcome> {
  const tally = startTally();
  let sent = 0;
  await Promise.all(
    Array.from({ length: connections }, async (_, connection) => {
      while (sent < requests) {
        sent += 1;
        await tally.count(performance.now(), send(connection));
      }
    }),
  );
  return tally.outcome();
}

/**
 * An open loop: request n is due at n / rate seconds, and its latency counts from then, also while no connection is free: people do not
 * wait to come until others were served. The connection that was free the longest sends next, so that all are used.
 */
export async function openLoop(send: Send, connections: number, rate: number, seconds: number): Promise<Outcome> {
  const tally = startTally();
  const start = performance.now();
  const total = Math.round(rate * seconds);
  const free = Array.from({ length: connections }, (_, connection) => connection);
  let [due, sent, answered] = [0, 0, 0];
  const dueAt = (number: number) => start + (number / rate) * 1000;

  const sendDue = () => {
    while (sent < due && free.length > 0) {
      const connection = free.shift()!;
      void tally.count(dueAt(sent), send(connection)).then(() => {
        answered += 1;
        free.push(connection);
        sendDue();
      });
      sent += 1;
    }
  };
  while (answered < total) {
    due = Math.min(total, Math.floor(((performance.now() - start) / 1000) * rate) + 1);
    sendDue();
    await sleep(1);
  }
  return tally.outcome();
}

function startTally() {
  const start = performance.now();
  const latencies: number[] = [];
  let errors = 0;
  let fault: string | undefined;
  return {
    async count(since: number, answer: Promise<void>): Promise<void> {
      await answer.catch((error: Error) => {
        errors += 1;
        fault ??= error.message;
      });
      latencies.push(performance.now() - since);
    },
    outcome: (): Outcome => ({
      requests: latencies.length,
      errors,
      ...(fault !== undefined && { fault }),
      seconds: (performance.now() - start) / 1000,
      p50: percentile(latencies, 0.5),
      p95: percentile(latencies, 0.95),
      p99: percentile(latencies, 0.99),
    }),
  };
}
