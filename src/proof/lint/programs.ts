/**
 * What functions tell others, for the rules: which values of rows are in their errors and notifications. Fills `pg_temp.told` and
 * `pg_temp.mentions`.
 */
import type { ClientBase } from 'pg';
import { readProgram } from './program.ts';

type Definition = { function: string; language: string; definition: string; parameters: string[] };

/** Reads the functions in SQL and PL/pgSQL of the schemas. */
export async function readPrograms(client: ClientBase): Promise<void> {
  const { rows } = await client.query<Definition>(
    `select functions.oid::text as function, language.lanname as language, coalesce(functions.proargnames, '{}') as parameters,
       case
         when language.lanname = 'plpgsql' then pg_get_functiondef(functions.oid)
         when functions.prosqlbody is null then functions.prosrc
         else regexp_replace(pg_get_function_sqlbody(functions.oid), '^\\s*BEGIN ATOMIC|END\\s*$', '', 'g')
       end as definition
     from pg_temp.functions
     join pg_language as language on language.oid = functions.prolang
     where language.lanname in ('sql', 'plpgsql') and functions.prokind in ('f', 'p')`,
  );
  const programs = rows.map((row) => ({ function: row.function, ...readProgram(row) }));
  await client.query(
    `insert into pg_temp.told
     select * from json_to_recordset($1) as found (function oid, via text, expression text, carried text[])`,
    [JSON.stringify(programs.flatMap(({ function: id, told }) => told.map((what) => ({ function: id, ...what }))))],
  );
  await client.query(
    `insert into pg_temp.mentions
     select * from json_to_recordset($1) as found (function oid, schema name, relation name)`,
    [
      JSON.stringify(
        programs.flatMap(({ function: id, mentions }) => mentions.map((what) => ({ function: id, ...what }))),
      ),
    ],
  );
}
