/** A way to a server that can be cut, or fall silent, at will. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export type Proxy = {
  /** Where to connect instead of the server. */
  port: number;
  /** As when a cable is pulled: all connections break at once. New ones are let through. */
  cut(): void;
  /** As when a firewall forgets a connection: nothing arrives any more, and nobody says so. */
  silence(): void;
  close(): Promise<void>;
};

/** Passes everything on to the server, which listens on 127.0.0.1. */
export async function openProxy(toPort: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(toPort, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => sockets.forEach((socket) => socket.destroy());
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    silence: () => sockets.forEach((socket) => socket.unpipe().pause()),
    close() {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
