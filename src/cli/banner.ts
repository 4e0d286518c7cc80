/** What the terminal says when the server is ready: what is where, and what to type next. */
import type { OpenDatabase } from '../database/open.ts';
import type { TrustedDocuments } from '../graphql/trusted-documents.ts';
import { commandLine } from './command-line.ts';
import type { Environment } from './environment.ts';

type Banner = {
  env: Environment;
  url: string;
  database: Pick<OpenDatabase, 'description' | 'notice'>;
  environment: string;
  /** Whether `hedgerow token` can make tokens for this server. */
  issuesTokens: boolean;
  trustedDocuments?: TrustedDocuments;
};

/** Ten lines or so; empty in production, where logs are read by machines. */
export function banner({ env, url, database, environment, issuesTokens, trustedDocuments }: Banner): string {
  if (environment !== 'development') return '';
  const what = trustedDocuments
    ? `Documents   ${trustedDocuments.texts.size} of ${trustedDocuments.path} and no others, so no playground`
    : `Playground  ${url}/graphiql`;
  return `
Hedgerow is ready.

  GraphQL     ${url}/graphql
  ${what}
  Database    ${database.description}
${database.notice ? `              ${database.notice}\n` : ''}${trustedDocuments ? '' : firstTask(env, url, issuesTokens)}
Stop with Ctrl-C.

`;
}

function firstTask(env: Environment, url: string, issuesTokens: boolean): string {
  const token = issuesTokens ? `$(${commandLine(env, 'token', 'alice')})` : '<a token of your issuer>';
  const query = String.raw`{"query":"mutation { createTask(input: {task: {title: \"Plant a hedge\"}}) { task { id title ownerId } } }"}`;
  return `
Make your first task, as alice, from another terminal:

  curl ${url}/graphql -H 'Content-Type: application/json' \\
    -H "Authorization: Bearer ${token}" \\
    -d '${query}'
`;
}
