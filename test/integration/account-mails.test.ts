/** What goes by mail: confirming an address, and a new password. C-15 */
import { createHmac } from 'node:crypto';
import { type Mailbox, openMailbox } from '../support/mailbox.ts';
import { useServer } from '../support/server.ts';
import { testSecret } from '../support/tokens.ts';

const password = 'a long password';

let mailbox: Mailbox;
beforeAll(async () => {
  mailbox = await openMailbox();
});
afterAll(() => mailbox.close());

const server = useServer(() => ({
  HEDGEROW_VERIFY_EMAIL: 'on',
  HEDGEROW_PUBLIC_URL: 'https://api.example.com',
  FRONTEND_URL: 'https://app.example.com',
  HEDGEROW_SMTP_URL: mailbox.url,
  HEDGEROW_MAIL_FROM: 'Hedgerow <tasks@example.com>',
}));

const signUp = (email: string) => server.post('/api/auth/signup', { email, password });
const signIn = (email: string, given = password) => server.post('/api/auth/signin', { email, password: given });

/** Opens the link in a mail, at the address where the server is in the test. */
function open(mail: string): Promise<Response> {
  const { pathname, search } = new URL(
    /https:\/\/api\.example\.com\/\S+/.exec(mail.split('\r\n\r\n').slice(1).join('\n\n'))![0],
  );
  return server.fetch(pathname + search, { redirect: 'manual' });
}

async function confirmed(email: string): Promise<void> {
  await signUp(email);
  await open(await mailbox.latest(email));
}

test('nobody gets a token before the link in the mail was opened', async () => {
  const up = await signUp('ann@example.com');
  const early = await signIn('ann@example.com');
  const mail = await mailbox.latest('ann@example.com');
  const opened = await open(mail);
  const late = await signIn('ann@example.com');

  expect(up).toMatchObject({ status: 201, body: { data: { token: null, user: { email: 'ann@example.com' } } } });
  expect(up.headers.getSetCookie()).toEqual([]);
  expect(early).toMatchObject({
    status: 403,
    body: { error: { code: 'FORBIDDEN', message: expect.stringMatching('confirmed') } },
  });
  expect(mail).toMatch(/^From: Hedgerow <tasks@example\.com>\r$/m);
  expect(mail).toMatch(/^Subject: Confirm your e-mail address\r$/m);
  expect(opened.status).toBe(302);
  expect(late).toMatchObject({ status: 200, body: { data: { token: expect.stringMatching(/^eyJ/) } } });
});

test('a wrong password is told the same before an address is confirmed as after', async () => {
  await signUp('unconfirmed@example.com');

  expect((await signIn('unconfirmed@example.com', 'a wrong password')).status).toBe(401);
});

// C-31: not even that somebody has an account.
test('signing up with the address of another looks as if it were new, and changes nothing', async () => {
  await confirmed('taken@example.com');
  const before = mailbox.count('taken@example.com');

  const again = await server.post('/api/auth/signup', {
    email: 'taken@example.com',
    password: 'the password of mallory',
  });
  const fresh = await server.post('/api/auth/signup', {
    email: 'fresh@example.com',
    password: 'the password of mallory',
  });

  const shape = ({ status, headers, body }: typeof again) => ({
    status,
    headers: [...headers.keys()],
    data: { ...body.data, user: Object.keys(body.data.user) },
    id: body.data.user.id.length,
  });
  expect(shape(again)).toEqual(shape(fresh));
  expect((await signIn('taken@example.com', 'the password of mallory')).status).toBe(401);
  expect((await signIn('taken@example.com')).status).toBe(200);
  expect(mailbox.count('taken@example.com')).toBe(before);
});

test('a link that was changed, or is not for anybody, confirms nothing', async () => {
  await signUp('forged@example.com');
  const mail = await mailbox.latest('forged@example.com');

  const opened = await open(mail.replace(/(token=eyJ[\w-]+\.)/, '$1x'));

  expect(opened.headers.get('location') ?? (await opened.text())).toMatch(/INVALID_TOKEN|error/i);
  expect((await signIn('forged@example.com')).status).toBe(403);
});

// C-11: or the secret's verifier would have to tell the two apart by what is in them.
test('nothing that accounts sign is signed with the secret of tokens itself', async () => {
  await confirmed('signed@example.com');
  const { headers } = await signIn('signed@example.com');
  const link = /token=([\w-]+\.[\w-]+)\.([\w-]+)/.exec(await mailbox.latest('signed@example.com'))!;
  const cookie = decodeURIComponent(headers.getSetCookie()[0]!.split(';')[0]!.split('=')[1]!).split('.');

  for (const [text, signature] of [link.slice(1), cookie] as [string, string][]) {
    const bySecret = createHmac('sha256', testSecret).update(text).digest();
    expect(Buffer.from(signature, 'base64url')).toHaveLength(bySecret.length);
    expect(Buffer.from(signature, 'base64url')).not.toEqual(bySecret);
  }
});

const reset = (email: string, redirectTo?: string) =>
  server.post('/api/auth/request-password-reset', { email, redirectTo });

test('a new password is set with the code from the mail, once, and ends all sessions', async () => {
  await confirmed('forgot@example.com');
  const { headers } = await signIn('forgot@example.com');
  const session = { cookie: headers.getSetCookie()[0]!.split(';')[0]!, origin: 'https://app.example.com' };
  const before = mailbox.count('forgot@example.com');

  await reset('forgot@example.com');
  while (mailbox.count('forgot@example.com') === before) await new Promise((resolve) => setTimeout(resolve, 20));
  const token = /code:\s+(\w+)/.exec(await mailbox.latest('forgot@example.com'))![1]!;
  const set = () => server.post('/api/auth/reset-password', { token, newPassword: 'quite another one' });
  const first = await set();
  const second = await set();

  expect(first.status).toBe(200);
  expect(second).toMatchObject({ status: 400, body: { code: 'INVALID_TOKEN' } });
  expect((await signIn('forgot@example.com')).status).toBe(401);
  expect((await signIn('forgot@example.com', 'quite another one')).status).toBe(200);
  expect((await server.fetch('/api/auth/token', { headers: session })).status).toBe(401);
});

test('with a page of the front end named, the mail leads there', async () => {
  await confirmed('page@example.com');
  const before = mailbox.count('page@example.com');

  await reset('page@example.com', 'https://app.example.com/new-password');
  while (mailbox.count('page@example.com') === before) await new Promise((resolve) => setTimeout(resolve, 20));
  const opened = await open(await mailbox.latest('page@example.com'));

  expect(opened.headers.get('location')).toMatch(/^https:\/\/app\.example\.com\/new-password\?token=\w+$/);
});

test('no mail leads to the page of somebody else', async () => {
  await confirmed('target@example.com');

  expect(await reset('target@example.com', 'https://evil.example.com/')).toMatchObject({ status: 403 });
});

// C-31
test('asking for a new password looks the same whether or not somebody has that address', async () => {
  await confirmed('somebody@example.com');

  const [known, unknown] = [await reset('somebody@example.com'), await reset('nobody@example.com')];

  expect([unknown.status, unknown.body]).toEqual([known.status, known.body]);
  expect(mailbox.count('nobody@example.com')).toBe(0);
});

test('a mail that cannot be sent is logged, and the answer does not tell', async () => {
  await confirmed('lost@example.com');
  await mailbox.close();

  const answer = await reset('lost@example.com');

  expect(answer.status).toBe(200);
  while (!server.logged.some(({ msg }) => msg === 'a mail could not be sent')) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  mailbox = await openMailbox();
});
