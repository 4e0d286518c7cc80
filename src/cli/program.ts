/** The switchboard: which command does what. A command's code is loaded when it is called: `token` need not wait for PostGraphile. */
import { Command, InvalidArgumentError } from 'commander';
import { addAdmin } from './admin/program.ts';
import { readEnvironment } from './environment.ts';
import { addPolicies } from './policies/program.ts';
import type { PsqlOptions } from './psql.ts';
import type { TokenOptions } from './token.ts';

/** The command line of Hedgerow. */
export function createProgram(version: string): Command {
  const program = new Command('hedgerow')
    .description('A multi-user task back end whose isolation lives in PostgreSQL row-level security.')
    .version(version)
    .addHelpText('after', configurationHelp)
    .showHelpAfterError('(add --help for what there is)');

  program
    .command('serve')
    .description('Serve the API. Without DATABASE_URL, in development, on an embedded PostgreSQL.')
    .action(async () => (await import('./serve.ts')).serve(readEnvironment()));

  // Started by `serve`, for nobody to type.
  program.command('worker', { hidden: true }).action(async () => (await import('./serve/worker.ts')).worker());

  program
    .command('bootstrap')
    .description('Make the roles and the database, as the administrator of HEDGEROW_ADMIN_URL. May be repeated.')
    .action(async () => (await import('./bootstrap.ts')).bootstrap(readEnvironment()));

  program
    .command('migrate')
    .description('Bring the schema up to date, as the owner of HEDGEROW_OWNER_URL. May be repeated.')
    .action(async () => (await import('./migrate.ts')).migrate(readEnvironment()));

  program
    .command('migration')
    .description('Write migrations, in a checkout: graphile-migrate with watch, commit, uncommit or status.')
    .argument('<args...>', 'handed on to graphile-migrate, after --')
    .action(async (args: string[]) => {
      process.exitCode = await (await import('./migration.ts')).migration(readEnvironment(), args);
    });

  program
    .command('seed')
    .description('Make demo users with tasks, and print a token for each. Not in production.')
    .option('--reset', 'delete what the demo users have first', false)
    .action(async (options: { reset: boolean }) => (await import('./seed.ts')).seed(readEnvironment(), options));

  program
    .command('token')
    .description('Print a token for development, signed with BETTER_AUTH_SECRET. Not in production.')
    .argument('<sub>', 'whose token: the user id, 1 to 255 characters')
    .option('--email <address>', 'the claim email')
    .option('--name <name>', 'the claim name')
    .option('--lifetime <seconds>', 'seconds until it expires', seconds, 3600)
    .action(async (sub: string, options: TokenOptions) =>
      (await import('./token.ts')).token(readEnvironment(), sub, options),
    );

  program
    .command('psql')
    .description('Open psql on the database: as the owner, as an administrator who only looks, or as one user.')
    .option('--admin', 'look at everything and write nothing; with --as, at what is that user’s', false)
    .option('--as <sub>', 'be this user, under row-level security')
    .argument('[args...]', 'handed on to psql, after --')
    .action(async (args: string[], options: PsqlOptions) => {
      process.exitCode = await (await import('./psql.ts')).psql(readEnvironment(), options, args);
    });

  program
    .command('schema')
    .description('Print the GraphQL schema.')
    .action(async () => (await import('./schema.ts')).schema(readEnvironment()));

  program
    .command('openapi')
    .description('Print the OpenAPI document of the REST API.')
    .option('--markdown', 'print the reference page instead', false)
    .action(async (options: { markdown: boolean }) => (await import('./openapi.ts')).openapi(options));

  addAdmin(program);
  addPolicies(program);
  return program;
}

function seconds(value: string): number {
  if (!/^[1-9]\d*$/.test(value)) throw new InvalidArgumentError('It must be a whole number of seconds.');
  return Number(value);
}

const configurationHelp = `
Configuration comes from the environment and from a .env file in the current folder; .env.example documents every variable.`;
