/**
 * What the primary process and a worker say to each other, over the channel that node:cluster opens between them. Not by arguments: who lists
 * processes sees those, and there are passwords in it.
 */
import type { ServerUrls } from '../../database/open.ts';
import type { Environment } from '../environment.ts';
import type { Serving } from './here.ts';

/** What a worker needs to know to serve. */
export type Orders = {
  /** The environment, as the primary read it: a `.env` file may have changed since. */
  env: Environment;
  port: number;
  /** The secret that is kept in the data folder, where there is no other. */
  secret?: string;
  database: ServerUrls;
};

export type ToWorker = { kind: 'serve'; orders: Orders } | { kind: 'stop' };

export type ToPrimary =
  /** The worker listens to the channel: what was sent before is lost. */
  | { kind: 'ready' }
  | { kind: 'serving'; served: Pick<Serving, 'url' | 'documents'> }
  /** The message of an OperatorError, or the stack of an error that nobody expected. */
  | { kind: 'failed'; expected: boolean; text: string };
