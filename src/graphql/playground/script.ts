/** The script of the playground: fills the bar, sends every request as the person chosen there, and starts Ruru. */
import { readToken } from './token.ts';

/**
 * Gives the text of a module script; from `const offered` on it runs in the browser as it stands.
 * @param tokens ready-made tokens by name, as a JavaScript expression
 * @param ruru the address of Ruru's module, as a JavaScript expression
 * @param accounts where people sign up and in, as a JavaScript expression; null where they do so elsewhere
 */
export const playgroundScript = (tokens: string, ruru: string, accounts: string): string => String.raw`
const readToken = ${readToken.toString()};

const offered = new Map(Object.entries(${tokens}));
const accounts = ${accounts};
const element = (name) => document.getElementById('who-' + name);
const [person, paste, pasted, state, expiry] = ['person', 'paste', 'token', 'state', 'expiry'].map(element);
const [account, email, password, leave] = ['account', 'email', 'password', 'leave'].map(element);

// The choice. It is kept in the tab's storage, not the browser's: a pasted token is a secret that should go with the tab, and two tabs can be
// two people side by side.

let token = ''; // of the next request; '' is none
let refusal; // the token that the server refused last, and why
let changed = Promise.withResolvers(); // settles when another token is chosen
let waiting = false; // whether the schema waits for a token
const running = new Set(); // what ends each subscription
let accountToken = ''; // of who is signed in here
let accountFault = ''; // why nobody is
let renewing = false;

for (const name of offered.keys()) person.add(new Option(name, 'offered:' + name));
if (accounts) person.add(new Option('my account (sign in or up)', 'account'));
person.add(new Option('nobody (no token)', 'nobody'));
// Last, so that the arrow keys reach every other choice before the focus moves on.
person.add(new Option('someone (paste a token)', 'pasted'));
pasted.value = sessionStorage.getItem('hedgerow:token') ?? '';
person.value = sessionStorage.getItem('hedgerow:person') ?? '';
if (person.selectedIndex < 0) person.value = offered.size > 0 ? person.options[0].value : 'pasted';

function chosenToken() {
  if (person.value === 'nobody') return '';
  if (person.value === 'account') return accountToken;
  if (person.value !== 'pasted') return offered.get(person.value.slice('offered:'.length));
  // People copy a whole header, quotes and line breaks too.
  return pasted.value.replace(/^[\s"']*(authorization:)?[\s"']*(bearer\s)?/i, '').replace(/[\s"']/g, '');
}

function choose() {
  sessionStorage.setItem('hedgerow:person', person.value);
  sessionStorage.setItem('hedgerow:token', pasted.value);
  paste.hidden = person.value !== 'pasted';
  account.hidden = person.value !== 'account' || accountToken !== '';
  leave.hidden = person.value !== 'account' || accountToken === '';
  if (chosenToken() !== token) {
    token = chosenToken();
    // Or the events of one person would come in under the name of another.
    for (const end of running) end();
    changed.resolve();
    changed = Promise.withResolvers();
  }
  show();
}

// What the bar says.

const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const distance = new Intl.RelativeTimeFormat('en');

function fromNow(seconds) {
  const units = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];
  const [unit, length] = units.find(([, length]) => Math.abs(seconds) >= length) ?? units.at(-1);
  return distance.format(Math.trunc(seconds / length), unit);
}

function describe() {
  if (token === '' && person.value === 'account') {
    return accountFault
      ? { kind: 'fault', text: accountFault }
      : { kind: 'hint', text: 'Sign in, or sign up with any address.' + (waiting ? ' The docs wait for it too.' : '') };
  }
  if (token === '') {
    return person.value === 'nobody'
      ? { kind: 'hint', text: 'No token: every request is refused.' + (waiting ? ' The docs wait for one too.' : '') }
      : { kind: 'hint', text: 'Paste a token to send requests' + (waiting ? ' and to see the docs.' : '.') };
  }
  const { fault, sub, exp, email: address } = readToken(token);
  if (fault) return { kind: 'fault', text: fault };
  const seconds = exp - Date.now() / 1000;
  const time = fromNow(seconds) + ' (' + moment.format(exp * 1000) + ')';
  if (seconds <= 0) {
    const next = person.value === 'account' ? 'Getting another.' : person.value === 'pasted' ? 'Paste another.' : 'Restart the server for a new one.';
    return { kind: 'fault', sub, text: 'The token of ' + sub + ' has expired. ' + next, time: 'expired ' + time };
  }
  if (refusal?.token === token) return { kind: 'fault', sub, text: 'The server refuses this token: ' + refusal.reason };
  // Who signed in here knows themselves by their address, and their token is renewed.
  if (person.value === 'account') return { kind: 'subject', sub: address, text: address + ', sub: ' + sub };
  return { kind: 'subject', sub, text: 'sub: ' + sub, time: 'expires ' + time };
}

function show() {
  const { kind, sub, text, time = '' } = describe();
  // Written only when it differs, or screen readers would say it every second.
  if (state.textContent !== text) state.textContent = text;
  state.dataset.kind = kind;
  state.title = kind === 'subject' ? text : '';
  expiry.textContent = time;
  pasted.setAttribute('aria-invalid', kind === 'fault');
  document.title = (sub ? sub + ' · ' : '') + 'Hedgerow playground';
}

// Accounts. The session is a cookie that scripts cannot read; a token is got with it, and another before that one expires.

async function askAccounts(path, body) {
  const response = await fetch(accounts + path, {
    method: body ? 'POST' : 'GET',
    headers: body ? { 'content-type': 'application/json' } : {},
    body: body && JSON.stringify(body),
  });
  return { ok: response.ok, ...(await response.json().catch(() => ({}))) };
}

async function enter(path) {
  const { data, error } = await askAccounts(path, { email: email.value, password: password.value });
  const details = (error?.details ?? []).map(({ message }) => message);
  accountFault = error
    ? [...details, error.message][0]
    : data.token
      ? ''
      : 'Open the link in the mail (or in the log of the server), then sign in.';
  accountToken = data?.token ?? '';
  if (accountToken) {
    password.value = '';
    localStorage.setItem('hedgerow:session', 'there may be one');
  }
  choose();
}

async function renew() {
  renewing = true;
  const { token: renewed } = await askAccounts('/token').catch(() => ({ token: accountToken }));
  accountToken = renewed ?? '';
  if (!accountToken) localStorage.removeItem('hedgerow:session');
  renewing = false;
  choose();
}

async function signOut() {
  await askAccounts('/sign-out', {});
  accountToken = accountFault = '';
  localStorage.removeItem('hedgerow:session');
  choose();
}

// A minute before its time, so that none expires on its way.
function keepFresh() {
  if (person.value !== 'account' || accountToken === '' || renewing) return;
  if (readToken(accountToken).exp - Date.now() / 1000 < 60) renew();
}

// Requests.

async function fetcher(parameters, { headers, documentAST } = {}) {
  if (isSubscription(parameters, documentAST)) return subscribe(parameters);
  if (parameters.operationName !== 'IntrospectionQuery') return (await post(parameters, headers)).json();
  // GraphiQL asks for the schema once, when it starts. Without a good token it gets its answer as soon as there is one.
  for (;;) {
    const change = changed.promise;
    if (token !== '' && !readToken(token).fault) {
      const response = await post(parameters, headers);
      waiting = response.status === 401;
      if (!waiting) return response.json();
    }
    waiting = true;
    show();
    await change;
  }
}

async function post(parameters, given) {
  const sent = token;
  const headers = new Headers(given);
  headers.set('content-type', 'application/json');
  headers.set('accept', 'application/graphql-response+json, application/json');
  // The bar alone decides whose a request is, not the headers editor: else it would not tell the truth.
  headers.delete('authorization');
  // Encoded, because a header cannot hold every character that can be pasted. No good token is changed by it.
  if (sent) headers.set('authorization', 'Bearer ' + encodeURI(sent));
  const response = await fetch(RURU_CONFIG.endpoint, { method: 'POST', headers, body: JSON.stringify(parameters) });
  const reason = response.status === 401 ? (await response.clone().json()).errors[0].message : undefined;
  noteVerdict(sent, reason);
  return response;
}

function noteVerdict(sent, reason) {
  if (reason !== undefined) refusal = { token: sent, reason };
  else if (refusal?.token === sent) refusal = undefined;
  show();
}

function isSubscription({ operationName }, document) {
  const operations = document?.definitions.filter(({ kind }) => kind === 'OperationDefinition') ?? [];
  const operation = operations.length === 1 ? operations[0] : operations.find(({ name }) => name?.value === operationName);
  return operation?.operation === 'subscription';
}

// The protocol graphql-transport-ws, with a socket for each subscription. Ruru's own client takes what it sends on connecting from the
// headers editor alone, and is not exported.
const subscribe = (parameters) => ({
  subscribe(observer) {
    const sent = token;
    const address = new URL(RURU_CONFIG.endpoint, location.href);
    address.protocol = address.protocol.replace('http', 'ws');
    const socket = new WebSocket(address, 'graphql-transport-ws');
    const send = (message) => socket.send(JSON.stringify(message));
    const end = () => {
      running.delete(end);
      socket.onclose = socket.onmessage = null;
      socket.close(1000);
      observer.complete();
    };
    const fail = (errors) => {
      observer.next({ errors });
      end();
    };
    running.add(end);
    socket.onopen = () => send({ type: 'connection_init', payload: sent ? { authorization: 'Bearer ' + sent } : {} });
    socket.onmessage = ({ data }) => {
      const { type, payload } = JSON.parse(data);
      if (type === 'connection_ack') send({ type: 'subscribe', id: '1', payload: parameters });
      else if (type === 'ping') send({ type: 'pong' });
      else if (type === 'next') observer.next(payload);
      else if (type === 'error') fail(payload);
      else if (type === 'complete') end();
    };
    socket.onclose = ({ code, reason }) => {
      if (code === 4401) noteVerdict(sent, reason);
      fail([{ message: 'The WebSocket was closed: ' + code + ' ' + reason }]);
    };
    return { unsubscribe: end };
  },
});

// Start.

person.addEventListener('change', () => {
  choose();
  if (person.value === 'pasted') pasted.focus();
});
pasted.addEventListener('input', choose);
account.addEventListener('submit', (event) => {
  event.preventDefault();
  enter('/' + event.submitter.value);
});
leave.addEventListener('click', signOut);
setInterval(() => {
  keepFresh();
  show();
}, 1000);
choose();
// The session of the last visit may still be good.
if (accounts && localStorage.getItem('hedgerow:session')) renew();

// GraphiQL opens an empty tab on the first reload unless it finds a document here (graphql/graphiql#4476).
if (localStorage.getItem('graphiql:query') === null) localStorage.setItem('graphiql:query', RURU_CONFIG.defaultQuery);

const { React, createRoot, Ruru } = await import(${ruru});
createRoot(document.getElementById('ruru-root')).render(React.createElement(Ruru, { ...RURU_CONFIG, fetcher }));
`;
