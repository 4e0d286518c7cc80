/** The switchboard of `hedgerow policies`: what each command takes. Its code is loaded when it is called. */
import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { defaultConfigFile } from '../../proof/config.ts';
import { commands } from '../../proof/explain/explain.ts';
import { readEnvironment } from '../environment.ts';
import type { DiffFlags, SnapshotFlags } from './diff.ts';
import type { ExplainFlags } from './explain.ts';
import type { LintFlags } from './lint.ts';
import type { MatrixFlags } from './matrix.ts';
import type { MutateFlags } from './mutate.ts';
import type { TestFlags } from './test.ts';

/** Adds the group to the command line. */
export function addPolicies(program: Command): void {
  const policies = program
    .command('policies')
    .description('Prove row-level security: of Hedgerow, or of any PostgreSQL database.')
    .addHelpText('after', aboutConfiguration);

  about(policies, 'test', 'Run the pgTAP files on a throw-away database.', [
    'npx hedgerow policies test',
    'npx hedgerow policies test policies/tasks.test.sql',
  ])
    .argument('[files...]', 'pgTAP files, instead of those that the configuration names')
    .addOption(jobs())
    .option('--watch', 'run again whenever a file changes', false)
    .option('--json', 'print the reports as JSON', false)
    .action(async (files: string[], options: TestFlags) =>
      (await import('./test.ts')).test(readEnvironment(), files, options),
    );

  findings(
    about(policies, 'lint', 'Look in the catalog for what opens rows, is about to, or makes it slow.', [
      'npx hedgerow policies lint',
      'npx hedgerow policies lint --leakproof',
    ]),
  )
    .option('--leakproof', 'tell instead which operators can use an index under the policies', false)
    .action(async (options: LintFlags) => (await import('./lint.ts')).lint(readEnvironment(), options));

  findings(
    about(policies, 'matrix', 'Tell who may do what, from the catalog and by trying it.', [
      'npx hedgerow policies matrix',
      'npx hedgerow policies matrix --check',
    ]),
  )
    .option('--html <file>', 'write it as a page, too')
    .option('--write', 'write it into README.md beside the configuration, too', false)
    .option('--check', 'fail when the one that is written there is stale', false)
    .action(async (options: MatrixFlags) => (await import('./matrix.ts')).matrix(readEnvironment(), options));

  findings(
    about(policies, 'mutate', 'Break what isolation rests on, fault by fault, and see whether the tests notice.', [
      'npx hedgerow policies mutate',
      'npx hedgerow policies mutate --list --only app_public.tasks',
      'npx hedgerow policies mutate --check',
    ]),
  )
    .argument(
      '[command...]',
      'after --: runs instead of the pgTAP files, with the URL of a broken database in DATABASE_URL',
    )
    .addOption(jobs())
    .option('--only <text>', 'only the mutants whose id contains this')
    .option('--list', 'print the mutants, and run nothing', false)
    .addOption(ofAll('--write', 'write the score into score.json beside the configuration, too'))
    .addOption(
      ofAll('--check', 'run nothing, and fail when the score that is written there is stale').conflicts('write'),
    )
    .option('--state <file>', 'keep results in this file, and go on from those in it')
    .addOption(new Option('--timeout <seconds>', 'how long a command may run').argParser(wholeNumber).default(600))
    .action(async (command: string[], options: MutateFlags) =>
      (await import('./mutate.ts')).mutate(readEnvironment(), command, options),
    );

  about(policies, 'explain', 'Tell which policy lets a row through or hides it, clause by clause.', [
    'npx hedgerow policies explain --as bob app_public.users alice',
    'npx hedgerow policies explain --as alice --command update app_public.users alice',
  ])
    .argument('<table>', 'with its schema')
    .argument('<key>', 'of the row: one value of a key, (a,b) in its order, or {"column": "value"}')
    .option('--as <sub>', 'the user who asks; without it, nobody')
    .addOption(new Option('--command <command>', 'what is tried').choices(commands).default('select'))
    .option('--json', 'print the explanation as JSON', false)
    .action(async (table: string, key: string, options: ExplainFlags) =>
      (await import('./explain.ts')).explain(readEnvironment(), table, key, options),
    );

  findings(
    about(policies, 'diff', 'Tell what access widened, narrowed or changed between two databases or git revisions.', [
      'npx hedgerow policies diff HEAD',
    ]),
  )
    .argument('<from>', 'a git revision, or the URL of a database')
    .argument('[to]', 'likewise; without it, the working tree, or the database where nothing is built')
    .option('--exit-code', 'end with 1 when access widened', false)
    .action(async (from: string, to: string, options: DiffFlags) =>
      (await import('./diff.ts')).diff(readEnvironment(), from, to, options),
    );

  about(policies, 'snapshot', 'Print all that decides access, as SQL to be committed and read in reviews.', [
    'npx hedgerow policies snapshot',
    'npx hedgerow policies snapshot --check',
  ])
    .option('--write', 'write it into snapshot.sql beside the configuration', false)
    .option('--check', 'fail when the one that is written there is stale', false)
    .action(async (options: SnapshotFlags) => (await import('./diff.ts')).snapshot(readEnvironment(), options));
}

/** A command that reports findings tells them in three forms. */
function findings(command: Command): Command {
  return command
    .addOption(new Option('--json', 'print it as JSON').default(false).conflicts('sarif'))
    .addOption(new Option('--sarif', 'print the findings as SARIF 2.1.0').default(false));
}

/** A command with the options that all share, and examples. */
function about(policies: Command, name: string, description: string, examples: readonly string[]): Command {
  return policies
    .command(name)
    .description(description)
    .option('--config <file>', `what is meant, instead of ${defaultConfigFile}`)
    .option('--database <url>', "a superuser's URL of the database to look at and to copy")
    .option('--build <command>', 'makes the schema in the empty database of DATABASE_URL, instead of copying')
    .option('--schema <names...>', 'the schemas whose tables hold users’ data')
    .option('--visitor <roles...>', 'the roles that requests run as; the first is that of a signed-in user')
    .option('--setting <name=value...>', 'a setting that says who is asking; $sub stands for the subject')
    .addHelpText('after', ['', 'Example:', ...examples.map((example) => `  $ ${example}`)].join('\n'));
}

/** The score is that of all mutants. */
const ofAll = (flag: string, description: string) =>
  new Option(flag, description).default(false).conflicts(['only', 'list']);

const jobs = () =>
  new Option('--jobs <number>', 'databases to work on at once').argParser(wholeNumber).default(availableParallelism());

function wholeNumber(value: string): number {
  if (!/^[1-9]\d*$/.test(value)) throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  return Number(value);
}

const aboutConfiguration = `
${defaultConfigFile} says which schemas and roles are meant and how a user is impersonated; flags go before it.
docs/how-to/prove-your-own-policies.md explains it from the beginning.`;
