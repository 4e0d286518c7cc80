/** The log of a server, on the standard output. */
import type { DestinationStream, Logger } from 'pino';
import type { Config } from '../config.ts';
import { createLogger } from '../http/request-log.ts';

/** A person at a terminal gets readable lines; everything else gets JSON, one object a line. Among several processes, a line says whose it is. */
export async function openLog(config: Pick<Config, 'environment' | 'logLevel' | 'workers'>): Promise<Logger> {
  const log = createLogger(config.logLevel, await destinationFor(config));
  return config.workers > 1 ? log.child({ pid: process.pid }) : log;
}

async function destinationFor({ environment }: Pick<Config, 'environment'>): Promise<DestinationStream | undefined> {
  if (environment !== 'development' || !process.stdout.isTTY) return undefined;
  const { default: pinoPretty } = await import('pino-pretty');
  return pinoPretty({
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'req,res,responseTime',
    messageFormat: '{msg}',
  });
}
