/** The doors through which a token comes in, each opened byte by byte: no client of ours checks, trims or encodes what is sent. */
import { connect } from 'node:net';
import { WebSocket } from 'ws';

export type HttpAnswer = {
  /** Absent when the connection was cut without an answer. */
  status?: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string;
};

const operation = JSON.stringify({ query: '{ me { id } }' });

/** POST /graphql with the token, as UTF-8; with several, in as many headers. */
export const post = (url: string, ...tokens: string[]): Promise<HttpAnswer> =>
  send(
    url,
    'POST /graphql HTTP/1.1',
    tokens.map((token) => `Authorization: Bearer ${token}`),
    operation,
  );

/** GET /graphql: nothing is answered there, and nobody unknown is told so. */
export const get = (url: string, token: string): Promise<HttpAnswer> =>
  send(url, 'GET /graphql?query=%7Bme%7Bid%7D%7D HTTP/1.1', [`Authorization: Bearer ${token}`], '');

/** A list over REST. */
export const list = (url: string, token: string): Promise<HttpAnswer> =>
  send(url, 'GET /api/v1/tasks HTTP/1.1', [`Authorization: Bearer ${token}`], '');

/** A new task over REST. */
export const create = (url: string, token: string): Promise<HttpAnswer> =>
  send(url, 'POST /api/v1/tasks HTTP/1.1', [`Authorization: Bearer ${token}`], JSON.stringify({ title: 'x' }));

function send(url: string, line: string, headers: string[], body: string): Promise<HttpAnswer> {
  const { hostname, port, host } = new URL(url);
  const type = body === '' ? [] : ['Content-Type: application/json', `Content-Length: ${body.length}`];
  const request = [line, `Host: ${host}`, 'Connection: close', ...headers, ...type, '', body].join('\r\n');

  return new Promise((resolve) => {
    const received: Buffer[] = [];
    const socket = connect(Number(port), hostname, () => socket.write(request, 'utf8'));
    socket.on('data', (chunk) => received.push(chunk));
    // A server that does not read to the end resets the connection; what it said before that counts.
    socket.on('error', () => {});
    socket.on('close', () => resolve(readAnswer(Buffer.concat(received).toString('utf8'))));
  });
}

function readAnswer(text: string): HttpAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [status = '', ...lines] = head.split('\r\n');
  const code = /^HTTP\/1\.1 (\d{3})/.exec(status)?.[1];
  return {
    ...(code !== undefined && { status: Number(code) }),
    headers: Object.fromEntries(
      lines.map((line) => {
        const [name = '', ...value] = line.split(': ');
        return [name.toLowerCase(), value.join(': ')];
      }),
    ),
    body: rest.join('\r\n\r\n'),
  };
}

export type SocketAnswer = {
  /** What the server said, in order. */
  messages: { type: string; payload?: any }[];
  /** With which code and reason it closed the socket; absent when it answered the operation. */
  closed?: { code: number; reason: string };
};

/** Opens a WebSocket with the token in its connection parameters, and sends an operation once it is let in. */
export function openSocket(url: string, token: string): Promise<SocketAnswer> {
  return new Promise((resolve, reject) => {
    const messages: SocketAnswer['messages'] = [];
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    socket.on('error', reject);
    socket.on('open', () => {
      socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }));
    });
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as SocketAnswer['messages'][number];
      messages.push(message);
      if (message.type === 'connection_ack') {
        socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: '{ me { id } }' } }));
      }
      if (!['next', 'error', 'complete'].includes(message.type)) return;
      socket.terminate();
      resolve({ messages });
    });
    socket.on('close', (code, reason) => resolve({ messages, closed: { code, reason: reason.toString() } }));
  });
}
