/** The bar of the playground, as HTML and CSS: whose requests are sent, and the choice of another. */

/** Stands above Ruru's own root. Screen readers tell of a new subject or fault (`output`), not of each second that passes (`span`). */
export const bar = `
<header id="who">
  <strong>Hedgerow</strong>
  <label>Requests are sent as <select id="who-person"></select></label>
  <label id="who-paste" hidden>
    Token <input id="who-token" autocomplete="off" autocapitalize="off" spellcheck="false" placeholder="eyJ…" aria-describedby="who-state" />
  </label>
  <form id="who-account" hidden>
    <label>E-mail <input id="who-email" type="email" required autocomplete="username" /></label>
    <label>Password <input id="who-password" type="password" required minlength="8" autocomplete="current-password" /></label>
    <button value="signin">Sign in</button>
    <button value="signup">Sign up</button>
  </form>
  <button id="who-leave" type="button" hidden>Sign out</button>
  <output id="who-state" for="who-person who-token"></output>
  <span id="who-expiry"></span>
</header>`;

/**
 * Follows the theme that is chosen in GraphiQL's settings (a class of the body), else the system's. The token is masked by CSS: in a password
 * field, browsers would offer to save it.
 */
export const barStyle = `
  body { display: flex; flex-direction: column; height: 100vh; height: 100dvh; }
  /* Positioned, so that what overflows the editors is cut off here and does not make the page scroll. */
  #ruru-root { position: relative; flex: 1; min-height: 0; height: auto; overflow: hidden; }
  #who {
    color-scheme: light dark;
    display: flex; flex-wrap: wrap; align-items: center; gap: 0.3rem 1.25rem; padding: 0.4rem 1rem;
    font: 14px/1.5 system-ui, sans-serif;
    color: light-dark(#1c2b20, #e2ece4); background: light-dark(#e4eee6, #1d2a21);
    border-bottom: 1px solid light-dark(#b5c9ba, #3a5142);
  }
  .graphiql-light #who { color-scheme: light; }
  .graphiql-dark #who { color-scheme: dark; }
  #who label { display: flex; align-items: center; gap: 0.5rem; max-width: 100%; white-space: nowrap; }
  #who-paste { flex: 1; min-width: 12rem; }
  #who-account { display: flex; flex-wrap: wrap; align-items: center; gap: 0.3rem 0.75rem; margin: 0; }
  #who [hidden] { display: none; }
  #who button {
    font: inherit; color: inherit; cursor: pointer; background: light-dark(#cfe0d3, #2c3f32);
    border: 1px solid light-dark(#6f8a76, #7f9a86); border-radius: 4px; padding: 0.15rem 0.7rem;
  }
  #who select, #who input {
    font: inherit; color: inherit; background: light-dark(#fff, #121a15);
    border: 1px solid light-dark(#6f8a76, #7f9a86); border-radius: 4px; padding: 0.15rem 0.4rem;
    min-width: 0; box-sizing: border-box;
  }
  #who input { flex: 1; max-width: 24rem; }
  #who-token:not(:placeholder-shown) { -webkit-text-security: disc; }
  #who input[aria-invalid="true"] { border-color: light-dark(#a11212, #ff9c9c); }
  #who :focus-visible { outline: 2px solid light-dark(#1f7a3d, #7fd69b); outline-offset: 1px; }
  #who-state { max-width: 100%; overflow-wrap: anywhere; unicode-bidi: isolate; }
  #who-state[data-kind="subject"] { max-width: min(100%, 40ch); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  #who-state[data-kind="fault"] { color: light-dark(#a11212, #ff9c9c); font-weight: 600; }
  #who-expiry:empty { display: none; }
  @media (max-width: 40rem) {
    #who > strong { display: none; }
    #who { gap: 0.3rem 0.75rem; padding: 0.4rem 0.6rem; }
    #who label { flex: 1 0 100%; }
    #who select, #who input { flex: 1; max-width: none; }
  }`;
