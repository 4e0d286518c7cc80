/** The matrix of a database: what the catalog says, what trying says, and where the two differ. */
import type { ClientBase } from 'pg';
import type { Relation } from '../catalog.ts';
import type { ProofConfig } from '../config.ts';
import type { Finding } from '../finding.ts';
import { assertFits } from '../fit.ts';
import { actorsOf } from './actors.ts';
import { derive } from './derive.ts';
import { readFacts } from './facts.ts';
import { commands, type Actor, type Cell, type Command, type Matrix, type MatrixRelation } from './outcome.ts';
import type { Probe } from './found.ts';
import { probe } from './probe.ts';
import { makeRows } from './rows.ts';
import { readRules } from './rules.ts';
import { onStage, type Stage } from './stage.ts';
import { readSubject } from './subject.ts';

/**
 * Reads the matrix. Everything happens in one transaction that is rolled back, sequences included; while it lasts, it locks what it touches.
 * @param client a superuser's, in no transaction
 * @throws OperatorError when a schema or role is not there, or no rows can be made
 */
export async function readMatrix(client: ClientBase, config: ProofConfig): Promise<Matrix> {
  await assertFits(client, config);
  return onStage(client, (stage) => play(stage, config, actorsOf(config)));
}

async function play(stage: Stage, config: ProofConfig, actors: Actor[]): Promise<Matrix> {
  const { client } = stage;
  const facts = await readFacts(
    client,
    config.schemas,
    actors.map(({ identity }) => identity.role),
  );
  const rules = await readRules(client, facts);
  const rows = await makeRows(stage, facts, config);
  const shown = facts.catalog.relations.filter(({ schema }) => config.schemas.includes(schema));
  for (const { name, kind } of shown) {
    if (kind === 'materialized view') await client.query(`refresh materialized view ${name}`);
  }
  const given: Probe = { stage, facts, rules, rows, problems: [] };
  const other: Actor = { name: 'another', kind: 'user', identity: config.impersonate(config.users[1]) };
  const relations: MatrixRelation[] = [];
  for (const relation of shown) {
    const subject = await readSubject(stage, facts, rows, relation, [actors[0]!, other]);
    const cells: Cell[] = [];
    for (const [command, column] of triesOf(relation)) {
      for (const actor of actors) {
        const expected = derive(facts, rules, actor, relation, command, column);
        const probed = expected === null ? null : await probe(given, actor, subject, command, column);
        const outcome = probed ?? expected?.[0] ?? null;
        cells.push({ actor: actor.name, command, column, outcome, expected: expected ?? [], probed });
      }
    }
    relations.push({ name: relation.name, kind: relation.kind, cells });
  }
  return { relations, actors, findings: [...differences(relations), ...errors(given.problems)] };
}

function triesOf({ kind, columns }: Relation): [Command, string | null][] {
  if (kind === 'sequence') return [['use', null]];
  return commands
    .filter((command) => command !== 'use')
    .filter((command) => kind !== 'materialized view' || command === 'select')
    .filter((command) => kind !== 'view' || command !== 'truncate')
    .flatMap((command): [Command, string | null][] =>
      command === 'delete' || command === 'truncate'
        ? [[command, null]]
        : columns.map(({ name }): [Command, string] => [command, name]),
    );
}

/** One finding for a relation: it is the relation whose policies are to be looked at. */
function differences(relations: MatrixRelation[]): Finding[] {
  return relations.flatMap(({ name, cells }) => {
    const different = cells.filter(({ expected, probed }) => probed !== null && !expected.includes(probed));
    const texts = new Map<string, string[]>();
    for (const { actor, command, column, expected, probed } of different) {
      const text = `${command} by ${actor}: ${expected[0]} expected, ${probed} found`;
      texts.set(text, [...(texts.get(text) ?? []), ...(column === null ? [] : [column])]);
    }
    if (different.length === 0) return [];
    const list = [...texts].map(([text, columns]) => (columns.length === 0 ? text : `${text} (${columns.join(', ')})`));
    return [
      {
        rule: 'matrix_difference',
        level: 'error' as const,
        object: name,
        problem: `What the catalog says and what was found by trying differ: ${list.join('; ')}.`,
        remedy:
          'Look for a condition that always holds or never does, a function that answers the same for everybody, a trigger that undoes. If the rows tried with are to blame (none that the user may reach, or none that they may not), give others: "rows".',
      },
    ];
  });
}

const errors = (problems: Probe['problems']): Finding[] =>
  [...new Set(problems.map(({ relation }) => relation))].map((object) => ({
    rule: 'matrix_error',
    level: 'warning',
    object,
    problem: `Tries ended in errors that do not say who may: ${[...new Set(problems.filter(({ relation }) => relation === object).map(({ text }) => text))].join('; ')}.`,
    remedy: 'A policy should answer false, not fail; a trigger should leave the decision to the policies.',
  }));
