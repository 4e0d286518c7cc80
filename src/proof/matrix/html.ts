/** The matrix as one HTML page that needs nothing else: no script, no font, no other file. */
import { breakable, escape } from '../../print/escape.ts';
import { printPage } from '../../print/page.ts';
import type { Finding } from '../finding.ts';
import { isDifferent, legend, linesOf, method, type Line } from './lines.ts';
import type { Actor, Cell, Matrix, MatrixRelation } from './outcome.ts';
import { style } from './style.ts';

/** Sign and class of each outcome; the word stands beside it. */
const signs: Readonly<Record<string, readonly [string, string]>> = {
  allowed: ['●', 'allowed'],
  'own rows': ['◐', 'own'],
  filtered: ['○', 'filtered'],
  refused: ['✕', 'refused'],
};

/** The whole page. */
export function printHtml({ relations, actors, findings }: Matrix): string {
  return printPage({
    title: `Who may do what: ${relations.length} relations, ${actors.length} roles`,
    style,
    main: `<h1>Who may do what</h1>
<p>${escape(method)}</p>
<dl>
${legend.map(([word, meaning]) => `<dt>${printOutcome(word)}</dt><dd>${escape(meaning)}</dd>`).join('\n')}
</dl>
${printFindings(findings)}
<h2>Relations</h2>
<nav aria-label="Relations">
<ul>
${relations.map(({ name }) => `<li><a href="#${anchor(name)}"><code>${escape(name)}</code></a></li>`).join('\n')}
</ul>
</nav>
${relations.map((relation) => printRelation(relation, actors)).join('\n')}`,
  });
}

function printFindings(findings: Finding[]): string {
  if (findings.length === 0) return '';
  const items = findings.map(
    ({ level, object, problem, remedy }) =>
      `<div class="finding"><strong>${level}: <code>${escape(object)}</code></strong><p>${escape(problem)}</p>${remedy === undefined ? '' : `<p>${escape(remedy)}</p>`}</div>`,
  );
  return `<h2>Findings</h2>\n${items.join('\n')}`;
}

function printRelation(relation: MatrixRelation, actors: Actor[]): string {
  const id = anchor(relation.name);
  // A wide table is scrolled by itself; that it can be focused lets the keyboard do it.
  return `<div class="scroll" role="region" aria-labelledby="${id}" tabindex="0">
<table>
<caption id="${id}"><code>${escape(relation.name)}</code> <small>${relation.kind}</small></caption>
<thead>
<tr><th scope="col">Command</th>${actors.map(printActor).join('')}</tr>
</thead>
<tbody>
${linesOf(relation).map(printLine).join('\n')}
</tbody>
</table>
</div>`;
}

/** With the role, where the name is not that already. */
const printActor = ({ name, identity }: Actor): string =>
  `<th scope="col">${breakable(name)}${name === identity.role ? '' : ` <small>${breakable(identity.role)}</small>`}</th>`;

function printLine(line: Line): string {
  const { command, columns, span, cells } = line;
  const names = columns?.map((column) => `<code>${breakable(column)}</code>`).join(', ') ?? '';
  const said =
    columns === null ? '' : `<span>${span === 'all' ? 'all columns' : span === 'rest' ? 'all others' : names}</span>`;
  const printed = cells.map((cell) => `<td>${printCell(cell)}</td>`).join('');
  return `<tr><th scope="row">${command}${said}</th>${printed}</tr>`;
}

function printCell(cell: Cell): string {
  const printed = printOutcome(cell.outcome ?? '–');
  return isDifferent(cell) ? `${printed} <span class="different">≠ catalog: ${cell.expected[0]}</span>` : printed;
}

function printOutcome(word: string): string {
  const found = signs[word];
  if (found === undefined) return `<span class="outcome none">${escape(word)}</span>`;
  const [sign, name] = found;
  return `<span class="outcome ${name}"><span aria-hidden="true">${sign}</span> ${word}</span>`;
}

/** Unique, whatever quotes a name has. */
const anchor = (name: string): string => `of-${encodeURIComponent(name).replaceAll('%', '-')}`;
