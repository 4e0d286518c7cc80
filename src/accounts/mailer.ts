/** Mails: by SMTP (nodemailer) when a server is configured, else, in development, into the log. What they say is here too. */
import { createTransport } from 'nodemailer';
import type { Logger } from 'pino';
import type { AccountsConfig } from '../config.ts';

export type Mail = { to: string; subject: string; text: string };

export type Mailer = {
  /** Sends it; a failure is logged, because whoever asked has had an answer by then. */
  send(mail: Mail): Promise<void>;
  /** Notes something that runs on after an answer was given. */
  track(task: Promise<unknown>): void;
  /** Waits for what was tracked, and lets go of the connections. */
  close(): Promise<void>;
};

/** Milliseconds for the mail server to answer: nobody waits, but a stop does. */
const smtpTimeoutMs = 10_000;

export function createMailer(config: AccountsConfig['mail'], log: Logger): Mailer {
  const running = new Set<Promise<unknown>>();
  const transport =
    config &&
    createTransport({
      url: config.smtpUrl,
      pool: true,
      connectionTimeout: smtpTimeoutMs,
      greetingTimeout: smtpTimeoutMs,
      socketTimeout: smtpTimeoutMs,
    });

  return {
    async send(mail) {
      if (!transport) {
        log.info(`A mail to ${mail.to} (it is only written here: HEDGEROW_SMTP_URL is not set)\n\n${mail.text}\n`);
        return;
      }
      try {
        await transport.sendMail({ from: config.from, ...mail });
      } catch (err) {
        log.error({ err }, 'a mail could not be sent');
      }
    },
    track(task) {
      // Better Auth has logged what fails.
      const tracked = task.finally(() => running.delete(tracked)).catch(() => {});
      running.add(tracked);
    },
    async close() {
      await Promise.all(running);
      transport?.close();
    },
  };
}

type Recipient = { user: { email: string; name: string }; url: string; token: string };

/** The mails that Better Auth asks for. */
export function mailsFor(mailer: Mailer, publicUrl = 'this Hedgerow server') {
  return {
    verifyEmail: ({ user, url }: Recipient) =>
      mailer.send({
        to: user.email,
        subject: 'Confirm your e-mail address',
        text: `Somebody, probably you, signed up at ${publicUrl} with this address. To confirm it, open:\n\n${url}\n\nThe link works for an hour. If it was not you, do nothing.`,
      }),
    resetPassword: ({ user, url, token }: Recipient) =>
      mailer.send({
        to: user.email,
        subject: 'Set a new password',
        text: `Somebody, probably you, wants to set a new password at ${publicUrl}. ${resetInstruction(url, token)}\n\nIt works once, for an hour. If it was not you, do nothing.`,
      }),
  };
}

/** The link leads to the front end's page that the request named (redirectTo); without one there is no page to lead to. */
const resetInstruction = (url: string, token: string): string =>
  new URL(url).searchParams.get('callbackURL') ? `To go on, open:\n\n${url}` : `To go on, use this code:\n\n${token}`;
