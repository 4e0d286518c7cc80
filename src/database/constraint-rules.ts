/** The rules that constraints enforce, in words: the comments that the migrations put on them. */
import type { FencedTransaction } from './fence.ts';
import { nobody } from './settings.ts';

/** Finds the rule of the constraint that an error of PostgreSQL names. */
export type RuleOf = (error: { schema?: string; table?: string; constraint?: string }) => string | undefined;

/** Reads the comments of all constraints of the API's schema. They change only with a migration. */
export async function readConstraintRules(withTransaction: FencedTransaction): Promise<RuleOf> {
  const { rows } = await withTransaction(nobody, (client) =>
    client.query<{ key: string; rule: string }>({
      text: `select namespace.nspname || '.' || class.relname || '.' || con.conname as key,
               pg_catalog.obj_description(con.oid, 'pg_constraint') as rule
             from pg_catalog.pg_constraint as con
             join pg_catalog.pg_class as class on class.oid = con.conrelid
             join pg_catalog.pg_namespace as namespace on namespace.oid = class.relnamespace
             where namespace.nspname = 'app_public'
             and pg_catalog.obj_description(con.oid, 'pg_constraint') is not null`,
    }),
  );
  const rules = new Map(rows.map(({ key, rule }) => [key, rule]));
  return ({ schema, table, constraint }) => rules.get(`${schema}.${table}.${constraint}`);
}
