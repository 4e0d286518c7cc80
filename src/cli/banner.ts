/** What the terminal says when the server is ready: what is where, and what to type next. */
import { accountsPath } from '../accounts/path.ts';
import type { OpenDatabase } from '../database/open.ts';
import { commandLine } from './command-line.ts';
import type { Environment } from './environment.ts';

type Banner = {
  env: Environment;
  url: string;
  database: Pick<OpenDatabase, 'description' | 'notice'>;
  environment: string;
  /** Whether `hedgerow token` can make tokens for this server. */
  issuesTokens: boolean;
  /** Whether people can sign up at this server. */
  hasAccounts: boolean;
  /** Nothing but these is executed. */
  documents?: { path: string; count: number };
};

/** Ten lines or so; empty in production, where logs are read by machines. */
export function banner({ env, url, database, environment, documents, ...tokens }: Banner): string {
  if (environment !== 'development') return '';
  const what = documents
    ? `Documents   ${documents.count} of ${documents.path} and no others, so no playground`
    : `Playground  ${url}/graphiql`;
  return `
Hedgerow is ready.

  GraphQL     ${url}/graphql
  REST        ${url}/api/v1, explained at ${url}/docs
${tokens.hasAccounts ? `  Accounts    ${url}${accountsPath}\n` : ''}  ${what}
  Database    ${database.description}
${database.notice ? `              ${database.notice}\n` : ''}${documents ? '' : firstTask(env, url, tokens)}
Stop with Ctrl-C.

`;
}

function firstTask(env: Environment, url: string, tokens: { issuesTokens: boolean; hasAccounts: boolean }): string {
  const query = String.raw`{"query":"mutation { createTask(input: {task: {title: \"Plant a hedge\"}}) { task { id title ownerId } } }"}`;
  const [as, before, token] = tokens.hasAccounts
    ? ['; the first lines sign you up, or in', signUp(url), '$token']
    : tokens.issuesTokens
      ? [', as alice', '', `$(${commandLine(env, 'token', 'alice')})`]
      : ['', '', '<a token of your issuer>'];
  return `
Make your first task from another terminal${as}:

${before}  curl ${url}/graphql -H 'Content-Type: application/json' \\
    -H "Authorization: Bearer ${token}" \\
    -d '${query}'
`;
}

/** Both ways, one after the other, so that the same lines do on the first day and on the next. */
const signUp = (url: string): string => `  token=$(for way in signup signin; do
    curl -s ${url}${accountsPath}/$way -H 'Content-Type: application/json' \\
      -d '{"email":"you@example.com","password":"a long password"}'
  done | grep -o 'eyJ[^"]*' | tail -1)
`;
