/** As much of PostgreSQL's protocol (version 3) as it takes to tell where one statement and its answer end. */

export type Message = {
  /** The letter of the message; '' for those that open a connection and have none. */
  type: string;
  bytes: Buffer;
};

/** Cuts a stream of bytes into messages. `hasOpening` is for the side of the client, whose first message has no letter. */
export function createReader({ hasOpening }: { hasOpening: boolean }): (chunk: Buffer) => Message[] {
  let rest = Buffer.alloc(0);
  let letters = hasOpening ? 0 : 1;
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    const messages: Message[] = [];
    while (rest.length >= letters + 4) {
      const length = letters + rest.readInt32BE(letters);
      if (rest.length < length) break;
      messages.push({ type: rest.toString('latin1', 0, letters), bytes: rest.subarray(0, length) });
      rest = rest.subarray(length);
      letters = 1;
    }
    return messages;
  };
}

/** Whether the client waits for an answer now: it opened, gave a password, asked by a simple query, or ended an extended one with Sync. */
export const endsStep = ({ type }: Message): boolean => ['', 'p', 'Q', 'S'].includes(type);

/** Whether the server waits for the client now: ReadyForQuery, or an Authentication message that asks for something. */
export function endsAnswer({ type, bytes }: Message): boolean {
  if (type !== 'R') return type === 'Z';
  const [ok, saslFinal] = [0, 12];
  return ![ok, saslFinal].includes(bytes.readInt32BE(5));
}

/**
 * The messages of the client in words: the statement, which is the last of its flight, or what it does to get a connection.
 * @param prepared the statements of the connection by their names; what is prepared now is added
 */
export function wordsOf(step: Message[], prepared: Map<string, string>): string {
  let text = '';
  for (const { type, bytes } of step) {
    if (type === '') text = 'open the connection';
    if (type === 'p') text = 'sign in';
    if (type === 'Q') text = textAt(bytes, 5);
    const [first, second] = type === 'P' || type === 'B' ? textsAt(bytes, 5) : [];
    if (type === 'P') prepared.set(first!, second!);
    if (type === 'B') text = prepared.get(second!)!;
  }
  return text;
}

/** A simple query. */
export function simpleQuery(text: string): Buffer {
  const body = Buffer.from(`${text}\0`);
  const head = Buffer.alloc(5);
  head.write('Q');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** Parse holds the name of the statement and its text, Bind the names of the portal and of the statement. */
function textsAt(bytes: Buffer, from: number): [string, string] {
  const end = bytes.indexOf(0, from);
  return [bytes.toString('utf8', from, end), textAt(bytes, end + 1)];
}

const textAt = (bytes: Buffer, from: number): string => bytes.toString('utf8', from, bytes.indexOf(0, from));
