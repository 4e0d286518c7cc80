/** A TCP port on 127.0.0.1 for the server. */
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/**
 * Below the range from which systems take the ports of outgoing connections (Linux from 32768, macOS from 49152): there, any
 * browser or database client could sit on the remembered port at the next start.
 */
const [lowest, highest] = [20_000, 32_767];

/** A port that is free now. Somebody else may take it before the server does. */
export async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const port = await tryPort(lowest + Math.floor(Math.random() * (highest - lowest + 1)));
    if (port) return port;
  }
  const anyPort = await tryPort(0);
  if (anyPort) return anyPort;
  throw new Error('127.0.0.1 has no free port');
}

/** The port, once it has been shown that one can listen on it (0: on any), otherwise undefined. */
async function tryPort(port: number): Promise<number | undefined> {
  const server = createServer();
  try {
    server.listen({ port, host: '127.0.0.1' });
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  } catch {
    return undefined;
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}
