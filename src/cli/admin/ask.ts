/** A question to the person at the terminal, before something that cannot be taken back. */
import { createInterface } from 'node:readline/promises';
import { OperatorError } from '../../errors.ts';

/** The answer, without white space around it. @throws OperatorError when there is nobody to ask */
export async function ask(question: string): Promise<string> {
  if (!process.stdin.isTTY) throw new OperatorError(`${question.trim()} There is nobody to ask: add --yes.`);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await terminal.question(question)).trim();
  } finally {
    terminal.close();
  }
}
