/** The playground, as the server gives it out: escaped, unframed, unstored, from this server alone, and in development only. */
import { get } from 'node:http';
import { playgroundPreset } from '../../src/graphql/playground.ts';
import { readToken } from '../../src/graphql/playground/token.ts';
import { useApi } from '../support/api.ts';
import { base64url, inSeconds, mint } from '../support/tokens.ts';

const html = { headers: { accept: 'text/html' } };

describe('in development', () => {
  const tokens = {
    '</script><script>alert(1)': 'a.b.c',
    '"+alert(1)+"': 'a.b.c',
    '${alert(1)}': 'a.b.c',
    alice: 'd.e.f',
  };
  const api = useApi({ playground: { tokens, signIn: false } });

  test('the page offers the tokens by name, and no name can break out of its script', async () => {
    const response = await api.fetch('/graphiql', html);
    const page = await response.text();
    const scripts = [...page.matchAll(/<script[^>]*>(.*?)<\/script>/gs)].map(([, text]) => text!);
    const bar = scripts.at(-1)!;
    const offered = /Object\.entries\((\{.*\})\)\);$/m.exec(bar)![1]!;

    expect(response.status).toBe(200);
    expect(scripts).toHaveLength(4);
    expect(() => new AsyncFunction(bar)).not.toThrow();
    expect(JSON.parse(offered)).toEqual(tokens);
  });

  test('the page may be neither stored nor framed, and loads nothing from elsewhere', async () => {
    const response = await api.fetch('/graphiql', html);
    const page = await response.text();

    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('x-frame-options')).toBe('DENY');
    expect(response.headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(page).not.toMatch(/(src|href)="?https?:|(from|import\() ?"https?:/);
  });

  test('only scripts with the nonce of this one answer run', async () => {
    const [first, second] = [await api.fetch('/graphiql', html), await api.fetch('/graphiql', html)];
    const policies = [first, second].map(({ headers }) => headers.get('content-security-policy')!);
    const [nonce, next] = policies.map((policy) => /script-src 'self' 'nonce-([^']{22,})';/.exec(policy)?.[1]);
    const tags = (await first.text()).match(/<script[^>]*>/g)!;

    expect(nonce).toBeDefined();
    expect(next).not.toBe(nonce);
    expect(tags.every((tag) => tag.startsWith(`<script nonce="${nonce}"`))).toBe(true);
  });

  /** The status of the page for a browser that believes itself at this host. */
  const statusAt = (host: string) =>
    new Promise<number>((resolve, reject) => {
      get(`${api.url}/graphiql`, { headers: { host, accept: 'text/html' } }, (response) => {
        response.resume();
        resolve(response.statusCode!);
      }).on('error', reject);
    });

  test.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', 'evil.example:4000'])(
    'a site whose name points here gets no tokens: %s',
    async (host) => {
      expect(await statusAt(host)).toBe(403);
    },
  );

  test.each(['localhost:4000', 'dev.localhost', '127.0.0.1', '192.168.0.7:4000', '[::1]:4000'])(
    'a browser at %s gets the page',
    async (host) => {
      expect(await statusAt(host)).toBe(200);
    },
  );

  test('what the page loads is served', async () => {
    const response = await api.fetch('/ruru-static/ruru.js');

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/javascript/);
  });

  test('the API itself keeps its strict policy', async () => {
    const { headers } = await api.fetch('/graphql');

    expect(headers.get('content-security-policy')).toContain("script-src 'self';");
  });

  test('a visit to /graphql with a browser is not the playground', async () => {
    const response = await api.fetch('/graphql', html);

    expect(response.status).toBe(401);
  });
});

describe('otherwise', () => {
  const api = useApi();

  test.each(['/graphiql', '/ruru-static/ruru.js', '/ruru-static/ruru.css'])('there is no %s', async (path) => {
    const response = await api.fetch(path, html);

    expect(response.status).toBe(404);
  });

  test('the preset turns it off, and has nothing of it', () => {
    expect(playgroundPreset(undefined)).toEqual({ grafserv: { graphiql: false, graphiqlOnGraphQLGET: false } });
  });
});

describe('what the bar says of a token', () => {
  test('the subject, in any script, and the expiry', () => {
    const exp = inSeconds(300);

    expect(readToken(mint({ sub: 'Zoë 🌱', exp }))).toEqual({ sub: 'Zoë 🌱', exp });
  });

  test.each([
    ['a word', 'hello', /not a token/],
    ['two parts', 'eyJhbGciOiJIUzI1NiJ9.e30', /not a token/],
    ['no signature', 'eyJhbGciOiJIUzI1NiJ9.e30.', /not a token/],
    ['four parts', 'a.b.c.d', /not a token/],
    ['no base64url', 'a.é.c', /garbled/],
    ['cut off', `a.${base64url('{"sub":"ali')}.c`, /garbled/],
    ['no UTF-8', mint(Uint8Array.of(0x22, 0xff, 0x22)), /garbled/],
    ['null', mint('null'), /no subject/],
    ['no subject', mint({ exp: 1 }), /no subject/],
    ['a subject that is no text', mint({ sub: 7, exp: 1 }), /no subject/],
    ['no expiry', mint({ sub: 'alice' }), /no expiry/],
    ['an expiry that no clock can show', mint('{"sub":"alice","exp":1e400}'), /no expiry/],
  ])('what is wrong with it: %s', (_name, token, fault) => {
    expect(readToken(token).fault).toMatch(fault);
  });
});

const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as new (text: string) => unknown;
