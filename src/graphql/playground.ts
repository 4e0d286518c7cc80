/** The playground at /graphiql, in development only: Ruru, with a bar above it that says whose requests they are. */
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import type { RequestHandler, Response } from 'express';
import helmet from 'helmet';
import 'postgraphile/grafserv/express/v4';
import { accountsPath } from '../accounts/path.ts';
import { ApiError } from '../errors.ts';
import { bar, barStyle } from './playground/bar.ts';
import { playgroundScript } from './playground/script.ts';

/** Where the playground and what it loads are served. */
export const playgroundPaths = ['/graphiql', '/ruru-static'];

type RuruClientConfig = NonNullable<NonNullable<GraphileConfig.Preset['ruru']>['clientConfig']>;

export type Playground = {
  /** Ready-made tokens, by the name that the bar shows. None if an issuer of its own gives them out: then the bar asks for one. */
  tokens: Record<string, string>;
  /** Whether people can sign up and in at this server. */
  signIn: boolean;
};

/** The part of the preset that serves the playground, or, without options, sees to it that nothing does. */
export function playgroundPreset(playground: Playground | undefined): GraphileConfig.Preset {
  if (!playground) return { grafserv: { graphiql: false, graphiqlOnGraphQLGET: false } };
  return {
    plugins: [NoncePlugin],
    grafserv: { graphiql: true, graphiqlPath: '/graphiql', graphiqlOnGraphQLGET: false },
    ruru: {
      // Its type asks for every option, because it picks from a package whose types are not installed.
      clientConfig: { defaultQuery: firstDocument } as RuruClientConfig,
      htmlParts: {
        // An empty icon, or browsers ask for /favicon.ico and complain.
        titleTag: '<title>Hedgerow playground</title><link rel="icon" href="data:," />',
        metaTags: (original) => `${original}\n<meta name="viewport" content="width=device-width" />`,
        styleTags: (original) => `${original}\n<style>${barStyle}</style>`,
        bodyContent: (original) => `${bar}\n${original}`,
        bodyInitScript: (_original, { staticPath }) =>
          `<script type="module">${playgroundScript(inScript(playground.tokens), inScript(`${staticPath}ruru.js`), inScript(playground.signIn ? accountsPath : null))}</script>`,
      },
    },
  };
}

/** A value as JSON that can stand in a script element: no text in it can close the element, or open another. */
export const inScript = (value: unknown): string => JSON.stringify(value).replaceAll('<', String.raw`\u003c`);

/**
 * Headers of the playground. Its scripts are from this server, or in the page with the nonce of this one answer. Its styles may be inline:
 * Monaco, the editor, writes style elements and attributes as it runs. The page holds tokens: it is not to be stored or framed.
 */
export const playgroundHeaders: RequestHandler[] = [
  (request, response, next) => {
    // Not `request.hostname`: behind a proxy that is what X-Forwarded-Host says, which a page can write.
    const { host } = request.headers;
    if (!isOwnName(host)) {
      throw new ApiError('FORBIDDEN', `The playground answers to localhost and to IP addresses, not to ${host}.`);
    }
    response.locals.nonce = randomBytes(16).toString('base64');
    if (request.baseUrl === '/graphiql') response.set('Cache-Control', 'no-store');
    next();
  },
  helmet.contentSecurityPolicy({
    useDefaults: false,
    directives: {
      'default-src': ["'none'"],
      'script-src': ["'self'", (_request, response) => `'nonce-${nonceOf(response)}'`],
      'style-src': ["'self'", "'unsafe-inline'"],
      'font-src': ["'self'", 'data:'],
      'img-src': ["'self'", 'data:'],
      'worker-src': ["'self'"],
      // The WebSocket of this server too (CSP 3).
      'connect-src': ["'self'"],
      'base-uri': ["'none'"],
      'form-action': ["'none'"],
      'frame-ancestors': ["'none'"],
    },
  }),
  helmet.frameguard({ action: 'deny' }),
];

/**
 * Against DNS rebinding: a site that lets its own name point here would be of one origin with the playground, and could read its tokens. An
 * address cannot be made to point elsewhere.
 */
function isOwnName(host: string | undefined): boolean {
  const name = host?.replace(/:\d+$/, '');
  return name !== undefined && (isIP(name.replace(/^\[|\]$/g, '')) > 0 || /^(.+\.)?localhost$/.test(name));
}

/** Marks the scripts of the page as ours. No other text in it can look like one: `inScript` and Ruru see to that. */
const NoncePlugin: GraphileConfig.Plugin = {
  name: 'HedgerowPlaygroundNoncePlugin',
  version: '1.0.0',
  grafserv: {
    middleware: {
      async ruruHTML(next, { request }) {
        const html = await next();
        return html.replaceAll('<script', `<script nonce="${nonceOf(request.requestContext.expressv4!.res)}"`);
      },
    },
  },
};

const nonceOf = (response: ServerResponse): string => (response as Response<unknown, { nonce: string }>).locals.nonce;

const firstDocument = `# Requests are sent as the person in the bar above.
# To run an operation, put the cursor in it
# and press Ctrl-Enter.

query MyTasks {
  me {
    id
    name
  }
  tasks(first: 5) {
    totalCount
    nodes {
      id
      title
      completed
    }
  }
}

mutation NewTask {
  createTask(input: { task: { title: "Plant a hedge", priority: HIGH, tags: ["garden"] } }) {
    task {
      id
      title
      ownerId
    }
  }
}

# Leave it running, and make a task in another tab.
subscription Changes {
  taskChanged {
    event
    task {
      title
      completed
    }
  }
}
`;
