/**
 * The words of the matrix.
 *
 * Of the rows that a command reaches:
 * - `allowed`: all of them, also those of the other user, or a row can be made, given away or taken over in the other's name;
 * - `own rows`: some, not the other user's (for who is no user: some, not all);
 * - `filtered`: none, without an error;
 * - `refused`: an error says no (42501): the privilege is absent, or the policies let no such row be written.
 *
 * The commands are as blind as an attacker can make them: update and delete without `where` and `returning`, so that policies for select
 * do not bind them; insert without `returning`. An update counts by column (`update t set c = …`), an insert by each column that is named.
 * Truncate asks no policy. `use` of a sequence is nextval.
 */
import type { Identity } from '../config.ts';
import type { Finding } from '../finding.ts';
import type { Relation } from '../catalog.ts';

export type Outcome = 'allowed' | 'own rows' | 'filtered' | 'refused';

export const commands = ['select', 'insert', 'update', 'delete', 'truncate', 'use'] as const;
export type Command = (typeof commands)[number];

export type Actor = {
  /** What stands over the actor's column. */
  name: string;
  /** A user is the first of the two; a visitor is a further role of requests, by that user; a login has just logged in. */
  kind: 'user' | 'nobody' | 'visitor' | 'inspector' | 'login';
  identity: Identity;
};

export type Cell = {
  actor: string;
  command: Command;
  /** Null for a command that is about the whole row or relation. */
  column: string | null;
  /** What was found by trying; where that was not possible, what the catalog says. Null where nobody can: a generated column. */
  outcome: Outcome | null;
  /** What the catalog lets expect, the likeliest first: a condition on the row may let nobody see nothing, or rows that are public. */
  expected: Outcome[];
  /** Null where nothing could be tried: foreign tables, views that show none of the rows. */
  probed: Outcome | null;
};

export type MatrixRelation = { name: string; kind: Relation['kind']; cells: Cell[] };

export type Matrix = { relations: MatrixRelation[]; actors: Actor[]; findings: Finding[] };
