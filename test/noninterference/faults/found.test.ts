/** What the tests of faults guard against is found by them: pools that are spoilt on purpose. C-31, C-35, C-53, T-04 */
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { examine, prepare } from './examine.ts';
import { type Fault, faults } from './faults.ts';
import { type Request, requests } from './requests.ts';
import { openStage } from './stage.ts';

type Asked = string | { text: string };
type Query = (asked: Asked, ...rest: unknown[]) => Promise<unknown>;

/** Puts something else in the place of the connection's query; the pool believes that all transactions are over. */
const spoilt = (instead: (asked: Asked, query: Query) => unknown) => (client: pg.PoolClient) => {
  const query = client.query.bind(client) as Query;
  client.query = ((asked: Asked, ...rest: unknown[]) =>
    instead(asked, (other) => query(other, ...rest))) as pg.PoolClient['query'];
  client.getTransactionStatus = () => 'I';
};
const textOf = (asked: Asked) => (typeof asked === 'string' ? asked : asked.text);
const done = Promise.resolve({ rows: [] });
// Steps of a request that has one transaction: the second applies the settings.
const [begin, , statement, commit] = [0, 1, 2, 3] as const;

const named = (name: string): Fault => faults.find((fault) => fault.name === name)!;
const request = (name: string): Request => requests.find((found) => found.name === name)!;

const cases = [
  {
    what: 'that leaves out the commit',
    spoil: spoilt((asked, query) => (textOf(asked) === 'commit' ? done : query(asked))),
    asked: request('a write over REST'),
    fault: named('the client hangs up when it was done'),
    at: begin,
    finds: 'the connection carries {"role":"hedgerow_visitor","itself":false,"claims":"{sub}"}',
  },
  {
    what: 'that leaves out the rollback',
    // In the time that it takes: a connection that is not ready for another query is closed, whatever it says of its transaction.
    spoil: spoilt((asked, query) => (textOf(asked) === 'rollback' ? sleep(50, { rows: [] }) : query(asked))),
    asked: request('a write that is refused'),
    fault: named('an error comes in its place'),
    at: statement,
    finds: expect.stringMatching(/^the connection is not usable: current transaction is aborted/),
  },
  {
    what: 'that sets for the session what is meant for the transaction',
    spoil: spoilt((asked, query) =>
      query(
        typeof asked === 'string' ? asked : { ...asked, text: asked.text.replace('el->>1, true', 'el->>1, false') },
      ),
    ),
    asked: request('a read over REST'),
    fault: named('it is cancelled as it is sent'),
    at: begin,
    finds: expect.stringMatching(/^the connection carries .*\{sub\}/),
  },
  {
    what: 'that takes every commit for done',
    spoil: spoilt((asked, query) => (textOf(asked) === 'commit' ? query(asked).catch(() => done) : query(asked))),
    asked: request('a write over GraphQL'),
    fault: named('the connection drops before it arrives'),
    at: commit,
    finds: 'acknowledged, but not there: alice: two',
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
