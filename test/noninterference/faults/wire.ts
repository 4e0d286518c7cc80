/**
 * A way to PostgreSQL that takes one step at a time: what the client sends up to the point where it waits, and the whole answer to it. Each
 * step can be struck: lost before it arrives, or after it was done, or answered by something else.
 */
import { setImmediate as oneTurn } from 'node:timers/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { createReader, endsAnswer, endsStep, type Message, simpleQuery, wordsOf } from './messages.ts';

/** One step, held until somebody lets it go. */
export type Step = {
  /** The statement, or how the connection is being opened. */
  text: string;
  /** The backend at the other end; undefined until it said so, which is after signing in. */
  pid?: number;
  /** Sends the step and gives the answer; what there is of it when the connection breaks. */
  send(): Promise<Message[]>;
  /** Asks the server something else on the same connection, by a simple query. */
  ask(text: string): Promise<Message[]>;
  /** Gives the client an answer, each message by itself: what it does on an error it may do before it knows how the transaction stands. */
  answer(messages: Message[]): Promise<void>;
  /** Breaks the connection on both sides. */
  cut(): void;
};

export type Wire = {
  port: number;
  /** What happens to a step; without it the step is sent and answered. */
  onStep?: (step: Step) => Promise<void>;
  /** What `onStep` threw, which broke the connection. */
  failure?: unknown;
  close(): Promise<void>;
};

/** Opens a way to the server, which listens on that port of 127.0.0.1. */
export async function openWire(toPort: number): Promise<Wire> {
  const sockets = new Set<Socket>();
  const wire = {} as Wire;
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: toPort, host: '127.0.0.1', noDelay: true });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
    }
    passOn(near, far, wire);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  wire.port = (server.address() as AddressInfo).port;
  wire.close = () => {
    sockets.forEach((socket) => socket.destroy());
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return wire;
}

function passOn(near: Socket, far: Socket, wire: Wire): void {
  const read = { near: createReader({ hasOpening: true }), far: createReader({ hasOpening: false }) };
  const prepared = new Map<string, string>();
  let pid: number | undefined;
  let sending: Message[] = [];
  /** What the server says while a step is held, and who waits for it. */
  let heard: Message[] = [];
  let onAnswer: ((answer: Message[]) => void) | undefined;
  let isHeld = false;
  let isOver = false;

  let last: Promise<void> = Promise.resolve();

  const give = async (messages: Message[]) => {
    for (const { bytes } of messages) {
      if (near.writable) near.write(bytes);
      await oneTurn();
    }
  };
  /** Gives what was heard to whoever waits for an answer. */
  const settle = () => {
    onAnswer?.(heard);
    if (onAnswer) heard = [];
    onAnswer = undefined;
  };
  const send = (bytes: Buffer): Promise<Message[]> => {
    if (isOver) return Promise.resolve([]);
    return new Promise((resolve) => {
      onAnswer = resolve;
      far.write(bytes);
    });
  };

  far.on('data', (chunk) => {
    for (const message of read.far(chunk)) {
      if (message.type === 'K') pid = message.bytes.readInt32BE(5);
      if (!isHeld) near.write(message.bytes);
      else {
        heard.push(message);
        if (endsAnswer(message)) settle();
      }
    }
  });
  far.on('close', () => {
    isOver = true;
    settle();
    if (!isHeld) near.end();
  });
  near.on('close', () => far.destroy());

  near.on('data', (chunk) => {
    for (const message of read.near(chunk)) {
      sending.push(message);
      if (message.type === 'X') {
        sending = [];
        far.end(message.bytes);
      } else if (endsStep(message)) {
        const step = sending.splice(0);
        // The client asks on as soon as it has its answer, which is before the step is over.
        last = last.then(() => hold(step));
      }
    }
  });

  async function hold(messages: Message[]): Promise<void> {
    isHeld = true;
    const step: Step = {
      text: wordsOf(messages, prepared),
      pid,
      send: () => send(Buffer.concat(messages.map(({ bytes }) => bytes))),
      ask: (text) => send(simpleQuery(text)),
      answer: give,
      cut() {
        near.destroy();
        far.destroy();
      },
    };
    await (wire.onStep ?? passThrough)(step).catch((error: unknown) => {
      wire.failure = error;
      step.cut();
    });
    isHeld = false;
    await give(heard.splice(0));
    if (isOver) near.end();
  }
}

/** Nothing happens to the step. */
export async function passThrough(step: Step): Promise<void> {
  await step.answer(await step.send());
}
