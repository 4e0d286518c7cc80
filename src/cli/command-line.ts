/** How the person at the terminal calls a command: through npm in a checkout, through npx from the package. */
import type { Environment } from './environment.ts';

/** The command line to type, such as `npm run --silent token -- alice`. */
export function commandLine(env: Environment, command: string, ...args: string[]): string {
  const throughNpm = env.npm_lifecycle_event !== undefined;
  return [
    throughNpm ? `npm run --silent ${command}${args.length > 0 ? ' --' : ''}` : `npx hedgerow ${command}`,
    ...args,
  ].join(' ');
}
