/** The playground at /graphiql, in development only: Ruru, with a bar above it that says whose requests they are. */
import helmet from 'helmet';
import type { RequestHandler } from 'express';
import 'postgraphile/grafserv';
import { bar, barScript, barStyle } from './playground-bar.ts';

/** Where the playground and what it loads are served. */
export const playgroundPaths = ['/graphiql', '/ruru-static'];

type RuruClientConfig = NonNullable<NonNullable<GraphileConfig.Preset['ruru']>['clientConfig']>;

export type Playground = {
  /** Ready-made tokens, by the name that the bar shows. */
  tokens: Record<string, string>;
};

/** The part of the preset that serves the playground, or, without options, sees to it that nothing does. */
export function playgroundPreset(playground: Playground | undefined): GraphileConfig.Preset {
  if (!playground) return { grafserv: { graphiql: false } };
  return {
    grafserv: { graphiql: true, graphiqlPath: '/graphiql', graphiqlOnGraphQLGET: false },
    ruru: {
      // Its type asks for every option, because it picks from a package whose types are not installed.
      clientConfig: { defaultQuery: firstDocument } as RuruClientConfig,
      htmlParts: {
        // An empty icon, or browsers ask for /favicon.ico and complain.
        titleTag: '<title>Hedgerow playground</title><link rel="icon" href="data:," />',
        styleTags: (original) => `${original}\n<style>${barStyle}</style>`,
        bodyContent: (original) => `${bar}\n${original}`,
        bodyInitScript: (_original, { staticPath }) =>
          `<script type="module">\n${barScript(inScript(playground.tokens), inScript(`${staticPath}ruru.js`))}</script>`,
      },
    },
  };
}

/** A value as JSON that can stand in a script element: no text in it can close the element. */
export const inScript = (value: unknown): string => JSON.stringify(value).replaceAll('<', String.raw`\u003c`);

/**
 * Headers of the playground. Ruru starts from scripts in the page and its editor writes style elements, hence 'unsafe-inline'; everything
 * comes from this server. The page holds tokens: it is not to be stored or framed.
 */
export const playgroundHeaders: RequestHandler[] = [
  helmet.contentSecurityPolicy({
    useDefaults: false,
    directives: {
      'default-src': ["'self'"],
      'script-src': ["'self'", "'unsafe-inline'"],
      'style-src': ["'self'", "'unsafe-inline'"],
      'font-src': ["'self'", 'data:'],
      'img-src': ["'self'", 'data:'],
      'worker-src': ["'self'", 'blob:'],
      'object-src': ["'none'"],
      'base-uri': ["'none'"],
      'form-action': ["'none'"],
      'frame-ancestors': ["'none'"],
    },
  }),
  (request, response, next) => {
    if (request.baseUrl === '/graphiql') response.set('Cache-Control', 'no-store');
    next();
  },
];

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
  createTask(input: { task: { title: "Plant a hedge" } }) {
    task {
      id
      title
      ownerId
    }
  }
}
`;
