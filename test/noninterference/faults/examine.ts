/** Strikes one step of a request, and looks at what is left of it: nothing for the next user, and no half of a write. */
import type { Fault } from './faults.ts';
import { aliceTask, type Request } from './requests.ts';
import type { Answer, Ask, Stage } from './stage.ts';
import { passThrough } from './wire.ts';

const bobReads: Ask = { method: 'POST', path: '/graphql', body: { query: '{ me { id } tasks { nodes { title } } }' } };
const bobWrites: Ask = { method: 'POST', path: '/api/v1/tasks', body: { title: 'bob: two' } };
const bobTask = '01890000-0000-7000-8000-00000000000b';
const bobsOwn = { me: { id: 'bob' }, tasks: { nodes: [{ title: 'bob: one' }] } };

/**
 * Puts one task of each user there, and lets bob use the connection, so that it is an old one; or leaves none, when it is to be cold. What a
 * test before left open is not there any more.
 */
export async function prepare({ admin, ask, pool, quiet }: Stage, isCold = false): Promise<void> {
  const client = await pool.connect();
  client.release(client.getTransactionStatus() !== 'I');
  await admin.query('delete from app_public.tasks');
  await admin.query(`insert into app_public.users (id) values ('alice'), ('bob') on conflict do nothing`);
  await admin.query(
    `insert into app_public.tasks (owner_id, id, title)
     values ('alice', '${aliceTask}', 'alice: one'), ('bob', '${bobTask}', 'bob: one')`,
  );
  await ask('bob', bobReads);
  await quiet();
  if (isCold) (await pool.connect()).release(true);
}

/** A request, what it is answered when nothing strikes it, and whether it has to open a connection. */
export type Scene = { request: Request; usual: Answer; isCold: boolean };

/**
 * Strikes step number `at` of the request, and then is the next user.
 * @returns what is wrong, in words; nothing when all holds
 */
export async function examine(stage: Stage, { request, usual, isCold }: Scene, fault: Fault, at: number) {
  const { wire, ask, quiet } = stage;
  await prepare(stage, isCold);
  const backend = isCold ? undefined : await backendOf(stage);

  let number = 0;
  wire.onStep = (step) => (number++ === at ? fault.strike(step, stage) : passThrough(step));
  const answer = await ask('alice', request);
  await quiet();
  wire.onStep = undefined;
  if (wire.failure !== undefined) throw new Error('The strike failed.', { cause: wire.failure });

  return [
    ...(number > at ? [] : [`the request has no step ${at}`]),
    ...(fault.keepsConnection && backend !== undefined && backend !== (await backendOf(stage))
      ? ['the next user has another connection']
      : []),
    ...wrongInAnswer(answer, usual, fault, request),
    ...(await leftOnConnection(stage)),
    ...(await wrongForBob(stage)),
    ...(await leftOnConnection(stage)),
    ...(await wrongInTable(stage, request, answer)),
  ];
}

/** The undisturbed answer, or one of the errors that the fault explains, in no words of PostgreSQL. */
function wrongInAnswer(answer: Answer, usual: Answer, { tells }: Fault, request: Request): string[] {
  const known = [...tells, ...(request.code === undefined ? [] : [request.code])];
  const isExpected =
    answer.code === undefined
      ? answer.status === 0
        ? tells.length === 0
        : isAlike(answer, usual)
      : known.includes(answer.code);
  return [
    ...(isExpected ? [] : [`the answer is ${answer.status} ${answer.text}`]),
    ...(/secret|app_public|terminat|ECONN/i.test(answer.text) ? [`the answer tells of the fault: ${answer.text}`] : []),
  ];
}

/** Ids and times differ from one time to the next. */
const isAlike = (one: Answer, other: Answer): boolean => withoutIds(one.text) === withoutIds(other.text);
const withoutIds = (text: string) =>
  text.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'id').replace(/"\d{4}-\d\d-\d\dT[^"]*"/g, '"time"');

async function backendOf({ pool }: Stage): Promise<number | undefined> {
  const client = await pool.connect();
  client.release();
  return (client as { processID?: number }).processID;
}

/** The connection as the next one gets it: whose it is, and whether something is open on it. */
async function leftOnConnection({ pool }: Stage): Promise<string[]> {
  const client = await pool.connect();
  try {
    const { rows } = await client.query(
      `/* outside the fence: what a connection carries after a fault */
       select current_setting('role') as role, current_user = session_user as itself,
         array(
           select name from unnest(array['sub', 'email', 'name', 'iat']) as claim (name)
           where current_setting('jwt.claims.' || name, true) <> ''
         )::text as claims`,
    );
    const found = JSON.stringify(rows[0]);
    return [
      ...(found === '{"role":"none","itself":true,"claims":"{}"}' ? [] : [`the connection carries ${found}`]),
      ...(client.getTransactionStatus() === 'I' ? [] : ['a transaction is open on the connection']),
    ];
  } catch (error) {
    return [`the connection is not usable: ${(error as Error).message}`];
  } finally {
    // Like the API gives it back: also when something failed on it.
    client.release();
  }
}

async function wrongForBob({ ask }: Stage): Promise<string[]> {
  const read = await ask('bob', bobReads);
  const written = await ask('bob', bobWrites);
  return [
    ...(JSON.stringify(read.data) === JSON.stringify(bobsOwn) ? [] : [`bob reads ${read.status} ${read.text}`]),
    ...(written.status === 201 ? [] : [`bob cannot write: ${written.status} ${written.text}`]),
    ...(/alice/.test(read.text + written.text) ? ['bob is told of alice'] : []),
  ];
}

/** Whether the write is wholly there or wholly absent, and there when the answer says so. */
async function wrongInTable({ admin }: Stage, { outcomes, acknowledged }: Request, answer: Answer): Promise<string[]> {
  const { rows } = await admin.query<{ owner: string; titles: string[] }>(
    `select owner_id as owner, array_agg(title || case when completed then '+' else '' end order by title) as titles
     from app_public.tasks group by owner_id order by owner_id`,
  );
  const [alices, bobs] = rows.map(({ titles }) => titles);
  const missing = acknowledged(answer).filter((title) => !alices?.includes(title));
  return [
    ...(outcomes.some((outcome) => String(outcome) === String(alices))
      ? []
      : [`half a write is there: ${String(alices)}`]),
    ...(missing.length === 0 ? [] : [`acknowledged, but not there: ${String(missing)}`]),
    ...(String(bobs) === 'bob: one,bob: two' ? [] : [`bob's tasks are ${String(bobs)}`]),
  ];
}
