/** The switchboard of `hedgerow admin`: what each command takes. Its code is loaded when it is called. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { readEnvironment } from '../environment.ts';
import type { EraseOptions } from './erase.ts';
import type { PruneOptions } from './prune.ts';
import type { ReportFlags } from './report.ts';

/** Adds the group to the command line. */
export function addAdmin(program: Command): void {
  const admin = program
    .command('admin')
    .description('Look at all users, as the login of HEDGEROW_INSPECTOR_URL, and answer for their data.');

  admin
    .command('report')
    .description('Tell how users, tasks, tables and statements are doing, and what needs attention.')
    .addOption(new Option('--html <file>', 'write it as a page with charts instead, for the owner of the file only'))
    .addOption(new Option('--json', 'print the figures as JSON').default(false).conflicts('html'))
    .action(async (options: ReportFlags) => (await import('./report.ts')).report(readEnvironment(), options));

  admin
    .command('export')
    .description('Print all that is kept of a user, as JSON.')
    .argument('<sub>', 'the user id')
    .action(async (sub: string) => (await import('./export.ts')).exportOf(readEnvironment(), sub));

  admin
    .command('erase')
    .description('Delete all that is kept of a user, for good, and note that it was done, not of whom.')
    .argument('<sub>', 'the user id')
    .option('--yes', 'do not ask', false)
    .option('--reason <text>', 'for the note, such as the number of a request; nothing about the person')
    .action(async (sub: string, options: EraseOptions) =>
      (await import('./erase.ts')).erase(readEnvironment(), sub, options),
    );

  admin
    .command('prune')
    .description('Drop the months of the history that are too old, for good, and make those to come. As the owner.')
    .option('--older-than <months>', 'such as 12months; without it, HEDGEROW_HISTORY_MONTHS', months)
    .option('--yes', 'do not ask', false)
    .action(async (options: PruneOptions) => (await import('./prune.ts')).prune(readEnvironment(), options));

  admin
    .command('reference')
    .description('Print the reference page of the schema admin, in Markdown.')
    .action(async () => (await import('./reference.ts')).reference(readEnvironment()));
}

function months(value: string): number {
  const [, given] = /^([1-9]\d{0,3})(?: ?months?)?$/.exec(value) ?? [];
  if (given === undefined) throw new InvalidArgumentError('It must be a number of months, such as 12months.');
  return Number(given);
}
