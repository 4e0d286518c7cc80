/** What the tests of faults guard against is found by them: pools that are spoilt on purpose. C-31, C-35, C-53, T-04 */
import type pg from 'pg';
import { examine, prepare } from './examine.ts';
import { type Fault, faults } from './faults.ts';
import { type Request, requests } from './requests.ts';
import { openStage } from './stage.ts';

type Handlers = Record<'handleError' | 'handleReadyForQuery', (...what: unknown[]) => void>;
type Query = (asked: unknown) => Promise<unknown>;

/** Changes what the connection is asked, or sends; the pool believes that all transactions are over. */
const spoilt =
  (spoil: { flight?: (flight: Handlers, query: Query) => unknown; text?: (text: string) => string }) =>
  (client: pg.PoolClient) => {
    const query = client.query.bind(client) as Query;
    client.query = ((asked: Handlers) => query(spoil.flight?.(asked, query) ?? asked)) as pg.PoolClient['query'];
    const connection = client.connection as unknown as { parse(message: { text: string }): void };
    const parse = connection.parse.bind(connection);
    connection.parse = (message) => parse({ ...message, text: spoil.text?.(message.text) ?? message.text });
    client.getTransactionStatus = () => 'I';
  };

const named = (name: string): Fault => faults.find((fault) => fault.name === name)!;
const request = (name: string): Request => requests.find((found) => found.name === name)!;

const cases = [
  {
    what: 'that begins a transaction and does not end it',
    spoil: spoilt({
      flight(flight, query) {
        void query('begin');
        return flight;
      },
    }),
    asked: request('a write over REST'),
    fault: named('the client hangs up when it was done'),
    at: 0,
    finds: 'the connection carries {"role":"hedgerow_visitor","itself":false,"claims":"{sub}"}',
  },
  {
    what: 'that sets for the session what is meant for the transaction',
    spoil: spoilt({ text: (text) => text.replaceAll(', true)', ', false)') }),
    asked: request('a read over REST'),
    fault: named('the client hangs up when it was done'),
    at: 0,
    finds: expect.stringMatching(/^the connection carries .*\{sub\}/),
  },
  {
    what: 'that takes every failure for done',
    spoil: spoilt({
      flight: (flight) => ({ ...flight, handleError: () => flight.handleReadyForQuery() }),
    }),
    asked: request('a write over REST'),
    fault: named('the connection drops before it arrives'),
    at: 0,
    finds: expect.stringMatching(/^(acknowledged, but not there|the answer is)/),
  },
];

test.each(cases)('a pool $what is found', async ({ spoil, asked, fault, at, finds }) => {
  const sound = await openStage();
  await prepare(sound);
  const usual = await sound.ask('alice', asked);
  await sound.close();
  const stage = await openStage(spoil);

  const found = await examine(stage, { request: asked, usual, isCold: false }, fault, at).finally(stage.close);

  expect(found).toContainEqual(finds);
});
