/** `hedgerow policies explain`: why a user sees a row, or does not. */
import { connect } from '../../database/connect.ts';
import { OperatorError } from '../../errors.ts';
import type { ProofFlags } from '../../proof/config.ts';
import { type Command, explain as explainRow } from '../../proof/explain/explain.ts';
import { printExplanation } from '../../proof/explain/print.ts';
import type { Environment } from '../environment.ts';
import { openSubject } from './subject.ts';

export type ExplainFlags = ProofFlags & { as?: string; command: Command; json: boolean };

/** Looks at the database itself, not at a copy: the row is there. */
export async function explain(env: Environment, table: string, key: string, flags: ExplainFlags): Promise<void> {
  const subject = await openSubject(flags, env);
  try {
    const { config, databaseUrl } = subject;
    if (databaseUrl === undefined) {
      throw new OperatorError('Name the database in which the row is: --database postgres://…');
    }
    const client = await connect(databaseUrl, 'the database to look at');
    try {
      const identity = config.impersonate(flags.as);
      const explanation = await explainRow(client, { identity, table, key, command: flags.command });
      process.stdout.write(
        flags.json ? `${JSON.stringify(explanation, undefined, 2)}\n` : printExplanation(explanation),
      );
    } finally {
      await client.end();
    }
  } finally {
    await subject.release();
  }
}
