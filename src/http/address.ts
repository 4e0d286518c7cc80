/** Where a request comes from: the address as Express knows it behind the proxies that are trusted, also for a WebSocket, which Express does not see. */
import type { IncomingMessage } from 'node:http';
import type { Express, Request } from 'express';
import ipaddr from 'ipaddr.js';

/** The address in its usual form, or undefined when there is none: the client has hung up, or a proxy says something that is none. */
export function addressOf(app: Express, { headers, socket }: IncomingMessage): string | undefined {
  const address = Reflect.get<Request, 'ip'>(app.request, 'ip', { app, headers, socket });
  return address !== undefined && ipaddr.isValid(address) ? ipaddr.process(address).toString() : undefined;
}
