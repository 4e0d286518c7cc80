/** `hedgerow policies matrix`: who may do what, from the catalog and by trying; as text, as a page, into policies/README.md. */
import { readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { OperatorError } from '../../errors.ts';
import type { ProofFlags } from '../../proof/config.ts';
import { printHtml } from '../../proof/matrix/html.ts';
import { printMarkdown } from '../../proof/matrix/markdown.ts';
import { readMatrix } from '../../proof/matrix/matrix.ts';
import { emptyPage, intoPage } from '../../proof/matrix/page.ts';
import { textReport } from '../../proof/report.ts';
import type { Environment } from '../environment.ts';
import { judge, tell, type FindingFlags } from './findings.ts';
import { openSubject, withCopy } from './subject.ts';

export type MatrixFlags = ProofFlags & FindingFlags & { write: boolean; check: boolean; html?: string };

export async function matrix(env: Environment, flags: MatrixFlags): Promise<void> {
  const subject = await openSubject(flags, env);
  try {
    const { config } = subject;
    const read = await withCopy(await subject.openSource(), (client) => readMatrix(client, config));
    const markdown = printMarkdown(read);
    const report = await judge(config, read.findings, /^matrix_/);
    const told = report.findings.length > 0 || report.stale?.length ? `\n\n${textReport(report)}` : '';
    tell(config, report, flags, { text: `${markdown.trimEnd()}${told}`, data: { ...read, ...report } });
    if (flags.html !== undefined) await writeFile(flags.html, printHtml(read));

    const page = join(config.folder, 'README.md');
    if (flags.write) await writeFile(page, intoPage((await readPage(page)) ?? emptyPage, markdown));
    if (flags.check) assertFresh(page, await readPage(page), markdown);
  } finally {
    await subject.release();
  }
}

async function readPage(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

/** @throws OperatorError when the page shows another matrix, or is not there */
function assertFresh(file: string, page: string | undefined, markdown: string): void {
  if (page !== undefined && intoPage(page, markdown) === page) return;
  throw new OperatorError(
    `${page === undefined ? `There is no ${relative('', file)}. Make it` : `The matrix in ${relative('', file)} is stale. Renew it`}: hedgerow policies matrix --write`,
  );
}
