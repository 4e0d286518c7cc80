/** The switchboard of `hedgerow admin`: what each command takes. Its code is loaded when it is called. */
import type { Command } from 'commander';
import { readEnvironment } from '../environment.ts';

/** Adds the group to the command line. */
export function addAdmin(program: Command): void {
  const admin = program
    .command('admin')
    .description('Look at all users, as the login of HEDGEROW_INSPECTOR_URL, and answer for their data.');

  admin
    .command('reference')
    .description('Print the reference page of the schema admin, in Markdown.')
    .action(async () => (await import('./reference.ts')).reference(readEnvironment()));
}
