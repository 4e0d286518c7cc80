/** The way to the server: urql for requests, graphql-ws for subscriptions, one token for both. */
import { Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { createClient as createSocketClient } from 'graphql-ws';

export type Connection = {
  client: Client;
  /** Calls back whenever the WebSocket is there again after it was lost: what happened in between was not told. */
  onReconnect(listener: () => void): () => void;
  /** Closes the WebSocket. */
  close(): void;
};

/**
 * @param url of the server, such as http://127.0.0.1:4000
 * @param getToken gives a token that is good now; asked for each request, and each time the WebSocket connects
 */
export function connect(url: string, getToken: () => string): Connection {
  const authorization = () => ({ authorization: `Bearer ${getToken()}` });
  const listeners = new Set<() => void>();
  const socket = createSocketClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    connectionParams: authorization,
    // Except after 4401, when the token has expired: then the subscription ends with an error, and whoever subscribes again connects with
    // a new token.
    shouldRetry: () => true,
    retryAttempts: Infinity,
    on: {
      connected: (_socket, _payload, wasRetry) => {
        if (wasRetry) listeners.forEach((listener) => listener());
      },
    },
  });

  const client = new Client({
    url: `${url}/graphql`,
    preferGetMethod: false,
    fetchOptions: () => ({ headers: authorization() }),
    exchanges: [
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query, variables }) => ({
          subscribe: (sink) => ({
            unsubscribe: socket.subscribe({ query: query ?? '', variables }, sink),
          }),
        }),
      }),
    ],
  });
  return {
    client,
    onReconnect(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => void socket.dispose(),
  };
}
