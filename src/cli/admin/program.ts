/** The switchboard of `hedgerow admin`: what each command takes. Its code is loaded when it is called. */
import { type Command, Option } from 'commander';
import { readEnvironment } from '../environment.ts';
import type { ReportFlags } from './report.ts';

/** Adds the group to the command line. */
export function addAdmin(program: Command): void {
  const admin = program
    .command('admin')
    .description('Look at the database as an administrator, who sees all users and changes nothing.')
    .addHelpText('after', aboutConfiguration);

  admin
    .command('report')
    .description('Tell how users, tasks, tables and statements are doing, and what needs attention.')
    .addOption(new Option('--html <file>', 'write it as a page with charts instead, for the owner of the file only'))
    .addOption(new Option('--json', 'print the figures as JSON').default(false).conflicts('html'))
    .action(async (options: ReportFlags) => (await import('./report.ts')).report(readEnvironment(), options));
}

const aboutConfiguration = `
HEDGEROW_INSPECTOR_URL is the login that looks, made by "hedgerow bootstrap"; the embedded PostgreSQL has it.`;
