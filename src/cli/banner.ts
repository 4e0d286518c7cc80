/** What the terminal says when the server is ready: what is where, and what to type next. */
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
};

/** Ten lines or so; empty in production, where logs are read by machines. */
export function banner({ env, url, database, environment, issuesTokens }: Banner): string {
  if (environment !== 'development') return '';
  const token = issuesTokens ? `$(${commandLine(env, 'token', 'alice')})` : '<a token of your issuer>';
  const query = String.raw`{"query":"mutation { createTask(input: {task: {title: \"Plant a hedge\"}}) { task { id title ownerId } } }"}`;
  return `
Hedgerow is ready.

  GraphQL     ${url}/graphql
  Playground  ${url}/graphiql
  Database    ${database.description}
${database.notice ? `              ${database.notice}\n` : ''}
Make your first task, as alice, from another terminal:

  curl ${url}/graphql -H 'Content-Type: application/json' \\
    -H "Authorization: Bearer ${token}" \\
    -d '${query}'

Stop with Ctrl-C.

`;
}
