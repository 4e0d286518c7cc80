/** The bar of the playground: who one is, and the choice of another. What is here runs in the browser, as it stands. */

/** Stands above Ruru's own root. */
export const bar = `
<header id="who">
  <strong>Hedgerow</strong>
  <label>Requests are sent as <select id="who-person"></select></label>
  <label id="who-paste" hidden>
    Token <input id="who-token" type="password" autocomplete="off" spellcheck="false" placeholder="Paste a token: eyJ…" />
  </label>
  <output id="who-state" for="who-person who-token"></output>
</header>`;

export const barStyle = `
  body { display: flex; flex-direction: column; height: 100vh; }
  #ruru-root { flex: 1; min-height: 0; height: auto; }
  #who {
    display: flex; flex-wrap: wrap; align-items: center; gap: 0.4rem 1.25rem; padding: 0.5rem 1rem;
    font: 14px/1.5 system-ui, sans-serif; color: #1c2b20; background: #e4eee6; border-bottom: 1px solid #b5c9ba;
  }
  #who label[hidden] { display: none; }
  #who select, #who input {
    font: inherit; color: inherit; background: #fff; border: 1px solid #6f8a76; border-radius: 4px; padding: 0.15rem 0.4rem;
  }
  #who input { width: min(28rem, 60vw); }
  #who :focus-visible { outline: 2px solid #1f7a3d; outline-offset: 1px; }
  #who-state[data-fault] { color: #a11212; font-weight: 600; }
  @media (prefers-color-scheme: dark) {
    #who { color: #e2ece4; background: #1d2a21; border-color: #3a5142; }
    #who select, #who input { background: #121a15; border-color: #6f8a76; }
    #who-state[data-fault] { color: #ff9c9c; }
  }`;

/**
 * The script that fills the bar and starts Ruru.
 * @param tokens ready-made tokens by name, as a JavaScript expression
 * @param ruru the address of Ruru's module, as a JavaScript expression
 */
export const barScript = (tokens: string, ruru: string): string => `
import { React, createRoot, Ruru } from ${ruru};

const offered = new Map(Object.entries(${tokens}));
const person = document.getElementById('who-person');
const paste = document.getElementById('who-paste');
const pasted = document.getElementById('who-token');
const state = document.getElementById('who-state');

// The session's storage, not the browser's: a pasted token is a secret, and goes when the tab is closed.
const kept = { get: (key) => sessionStorage.getItem('hedgerow:' + key), set: (key, value) => sessionStorage.setItem('hedgerow:' + key, value) };

for (const name of offered.keys()) person.add(new Option(name, 'offered:' + name));
person.add(new Option('whoever a pasted token says', 'pasted'));
person.add(new Option('nobody (no token)', 'nobody'));
pasted.value = kept.get('token') ?? '';
person.value = kept.get('person') ?? '';
if (person.selectedIndex < 0) person.selectedIndex = 0;

function currentToken() {
  if (person.value === 'nobody') return undefined;
  if (person.value === 'pasted') return pasted.value.trim() || undefined;
  return offered.get(person.value.slice('offered:'.length));
}

// For display only: the server is who verifies.
function claimsOf(token) {
  const bytes = Uint8Array.from(atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
}

function describe(token) {
  if (token === undefined) return { fault: person.value !== 'nobody', text: person.value === 'nobody' ? 'Every request is refused.' : 'Paste a token to begin.' };
  try {
    const { sub, exp } = claimsOf(token);
    if (typeof sub !== 'string' || typeof exp !== 'number') return { fault: true, text: 'This token lacks sub or exp.' };
    const until = new Date(exp * 1000).toLocaleString();
    return exp * 1000 < Date.now()
      ? { fault: true, text: 'The token of ' + sub + ' expired on ' + until + '. ' + (person.value === 'pasted' ? 'Paste another.' : 'Reload the page for a new one.') }
      : { fault: false, text: 'sub: ' + sub + ' · until ' + until };
  } catch {
    return { fault: true, text: 'This is not a token: it should look like eyJ….eyJ….….' };
  }
}

const root = createRoot(document.getElementById('ruru-root'));

async function fetcher(parameters, options) {
  const token = currentToken();
  const response = await fetch(RURU_CONFIG.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json',
      ...(token !== undefined && { authorization: 'Bearer ' + token }),
      ...options?.headers,
    },
    body: JSON.stringify(parameters),
  });
  return response.json();
}

// Ruru asks for the schema when it is mounted; a new key mounts it again, when there is a token at last.
let mounted = 0;
let hadToken = false;

function update() {
  kept.set('person', person.value);
  kept.set('token', pasted.value);
  paste.hidden = person.value !== 'pasted';
  const token = currentToken();
  const { fault, text } = describe(token);
  state.textContent = text;
  state.toggleAttribute('data-fault', fault);
  const hasToken = token !== undefined && !fault;
  if (mounted === 0 || (hasToken && !hadToken)) {
    mounted += 1;
    root.render(React.createElement(Ruru, { ...RURU_CONFIG, fetcher, key: mounted }));
  }
  hadToken ||= hasToken;
}

person.addEventListener('change', () => {
  update();
  if (person.value === 'pasted') pasted.focus();
});
pasted.addEventListener('input', update);
update();
`;
