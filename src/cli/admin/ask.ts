/** A question to the person at the terminal, before something that cannot be taken back. */
import { createInterface } from 'node:readline/promises';
import { OperatorError } from '../../errors.ts';

/**
 * @param warning what will happen
 * @returns the answer, without white space around it
 * @throws OperatorError when there is nobody to ask
 */
export async function ask(warning: string, question: string): Promise<string> {
  if (!process.stdin.isTTY) throw new OperatorError(`${warning} There is nobody to ask: add --yes.`);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await terminal.question(`${warning} ${question} `)).trim();
  } finally {
    terminal.close();
  }
}
