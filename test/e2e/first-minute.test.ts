/** The first minute: what the terminal says after `npm start`, typed as it stands, signs a person up and makes a task. C-15 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { useDatabase } from '../support/database.ts';
import { run, type Running, start } from '../support/hedgerow.ts';

const database = useDatabase();
const accounts = () => ({ HEDGEROW_AUTH_DATABASE_URL: database.authUrl });
let running: Running | undefined;

afterEach(async () => {
  running?.process.kill('SIGTERM');
  await running?.ended;
});

/** Starts a development server and gives the commands that it says to type. */
async function commandsOf(env: Record<string, string>): Promise<string> {
  running = start(['serve'], {
    PORT: '0',
    NODE_ENV: 'development',
    DATABASE_URL: database.apiUrl,
    BETTER_AUTH_SECRET: secret,
    ...env,
  });
  await running.url;
  return running
    .output()
    .split(/^Make your first task.*\n\n/m)[1]!
    .split('\nStop with')[0]!;
}

const secret = 'a secret for the first minute, of 32 bytes at least';

/** Types it into a terminal; `hedgerow` is the program of this checkout. */
const type = (commands: string, more: Record<string, string> = {}) =>
  promisify(execFile)('bash', ['-c', commands], { env: { PATH: process.env.PATH, ...more } });

test('with accounts, it signs a person up', async () => {
  const commands = await commandsOf(accounts());

  const first = await type(commands);
  const { task } = JSON.parse(first.stdout).data.createTask;
  const { rows } = await database.admin.query('select email from auth.users where id = $1', [task.ownerId]);

  expect(commands).toContain('/api/auth/$way');
  expect(task).toEqual({ id: expect.any(String), title: 'Plant a hedge', ownerId: expect.stringMatching(/^\w{32}$/) });
  expect(rows).toEqual([{ email: 'you@example.com' }]);
});

test('typed again, it signs the same person in', async () => {
  const commands = await commandsOf(accounts());

  const answers = [await type(commands), await type(commands)];
  const owners = answers.map(({ stdout }) => JSON.parse(stdout).data.createTask.task.ownerId);

  expect(owners[0]).toMatch(/^\w{32}$/);
  expect(owners[1]).toBe(owners[0]);
});

test('without accounts, it takes a token for alice', async () => {
  const commands = await commandsOf({ HEDGEROW_AUTH: 'off' });

  const token = await run(['token', 'alice'], { BETTER_AUTH_SECRET: secret });
  const { stdout } = await type(commands.replace(/\$\([^)]*\)/, token.stdout.trim()));

  expect(commands).toMatch(/hedgerow token alice|npm run --silent token -- alice/);
  expect(JSON.parse(stdout).data.createTask.task.ownerId).toBe('alice');
});
