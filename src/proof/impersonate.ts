/** Becoming somebody for the rest of a transaction, as the server of the API does it for a request. */
import pg from 'pg';
import type { Identity } from './config.ts';

/** SQL that makes the rest of the transaction run as this identity. */
export const becomeSql = ({ role, settings }: Identity): string =>
  [
    ...Object.entries(settings).map(
      ([key, value]) => `select set_config(${pg.escapeLiteral(key)}, ${pg.escapeLiteral(value)}, true);`,
    ),
    `set local role ${pg.escapeIdentifier(role)};`,
  ].join('\n');

/** SQL that makes it run as the one who is connected again. */
export const stepOutSql = 'set local role none;';
