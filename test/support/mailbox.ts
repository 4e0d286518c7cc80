/** A mail server: real SMTP on loopback, which keeps what it is sent. */
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

export type Mailbox = {
  /** For HEDGEROW_SMTP_URL. */
  url: string;
  /** The latest mail to this address, as it was sent, once it is there. */
  latest(to: string): Promise<string>;
  /** How many came for this address so far. */
  count(to: string): number;
  close(): Promise<void>;
};

/** Lines are folded and characters encoded on the way (quoted-printable). */
const decode = (mail: string) =>
  mail
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

export async function openMailbox(): Promise<Mailbox> {
  const mails: { to: string; content: string }[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, callback) {
      void text(stream).then((content) => {
        for (const { address } of session.envelope.rcptTo) mails.push({ to: address, content: decode(content) });
        callback();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const of = (to: string) => mails.filter((mail) => mail.to === to);
  return {
    url: `smtp://127.0.0.1:${port}`,
    async latest(to) {
      const deadline = Date.now() + 5_000;
      while (of(to).length === 0) {
        if (Date.now() > deadline) throw new Error(`No mail to ${to} came.`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return of(to).at(-1)!.content;
    },
    count: (to) => of(to).length,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
