/** The log of a server, on the standard output. */
import type { DestinationStream, Logger } from 'pino';
import pinoPretty from 'pino-pretty';
import type { Config } from '../config.ts';
import { createLogger } from '../http/request-log.ts';

/** A person at a terminal gets readable lines; everything else gets JSON, one object a line. Among several processes, a line says whose it is. */
export function openLog(config: Pick<Config, 'environment' | 'logLevel' | 'workers'>): Logger {
  const log = createLogger(config.logLevel, destinationFor(config));
  return config.workers > 1 ? log.child({ pid: process.pid }) : log;
}

function destinationFor({ environment }: Pick<Config, 'environment'>): DestinationStream | undefined {
  if (environment !== 'development' || !process.stdout.isTTY) return undefined;
  return pinoPretty({
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'req,res,responseTime',
    messageFormat: '{msg}',
  });
}
