/** What of the viewer is not Swagger UI's: the page, the script that starts it, and a style sheet. */

/** @param assets the path that the files are below */
export const viewerPage = (assets: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Hedgerow REST API</title>
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <link rel="icon" type="image/png" href="${assets}/favicon-32x32.png" />
    <link rel="stylesheet" href="${assets}/swagger-ui.css" />
    <link rel="stylesheet" href="${assets}/viewer.css" />
    <script defer src="${assets}/swagger-ui-bundle.js"></script>
    <script defer src="${assets}/viewer.js"></script>
  </head>
  <body>
    <noscript>This page needs JavaScript. What it shows is in <a href="/openapi.json">/openapi.json</a>.</noscript>
    <div id="viewer"></div>
  </body>
</html>
`;

/**
 * Runs in the browser as it stands. No validator: Swagger UI would give the address of the document to its makers'. The token is not kept:
 * it goes with the page.
 */
export const viewerScript = String.raw`const darkness = matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', darkness.matches);
darkness.addEventListener('change', follow);
follow();

// The field of the token is called by its label, not "auth-bearer-value", and no spelling service reads it.
const isCredential = (props) => /^auth-.*-value$/.test(props['aria-label'] ?? '');
const credential = { 'aria-label': undefined, autoComplete: 'off', spellCheck: false };
const tokenField = (Input, { React }) => (props) =>
  React.createElement(Input, isCredential(props) ? { ...props, ...credential } : props);

SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#viewer',
  deepLinking: true,
  displayRequestDuration: true,
  persistAuthorization: false,
  validatorUrl: null,
  plugins: [() => ({ wrapComponents: { Input: tokenField } })],
  requestInterceptor(request) {
    // People paste what they copied: "Bearer eyJ…".
    const given = request.headers?.Authorization;
    if (given) request.headers.Authorization = given.replace(/^(Bearer\s+)+/i, 'Bearer ');
    return request;
  },
});
`;

/**
 * Swagger UI's light colours are too pale to read for many people: these have a contrast of 4.5 to 1. The token is masked by CSS: in a password
 * field, browsers would offer to save it.
 */
export const viewerStyle = `
html { background: #fff; }
/* Not by the class: that comes with the script, and the page would flash. */
@media (prefers-color-scheme: dark) { html { background: #1c2022; } }
body { margin: 0; }
noscript { display: block; padding: 2rem; font: 16px/1.5 system-ui, sans-serif; }

.swagger-ui .auth-container input[type='text'] { -webkit-text-security: disc; width: 100%; max-width: none; }
.swagger-ui .information-container .info { margin: 2rem 0; }
.swagger-ui .scheme-container { padding: 1rem 0; }

html:not(.dark-mode) .swagger-ui .opblock-get .opblock-summary-method { background: #1565c0; }
html:not(.dark-mode) .swagger-ui .opblock-post .opblock-summary-method { background: #1b7a4b; }
html:not(.dark-mode) .swagger-ui .opblock-put .opblock-summary-method,
html:not(.dark-mode) .swagger-ui .opblock-patch .opblock-summary-method { background: #8a5a00; }
html:not(.dark-mode) .swagger-ui .opblock-delete .opblock-summary-method { background: #c62828; }
html:not(.dark-mode) .swagger-ui .btn.authorize { color: #1b7a4b; border-color: #1b7a4b; }
html:not(.dark-mode) .swagger-ui .btn.authorize svg { color: #1b7a4b; }
html:not(.dark-mode) .swagger-ui .btn.execute { background: #1565c0; border-color: #1565c0; }
html:not(.dark-mode) .swagger-ui .btn.cancel { color: #c62828; border-color: #c62828; }
html:not(.dark-mode) .swagger-ui .info a { color: #1565c0; }
html:not(.dark-mode) .swagger-ui .info .title small { background: #5f6472; }
html:not(.dark-mode) .swagger-ui .info .title small.version-stamp { background: #4d7300; }
html:not(.dark-mode) .swagger-ui .json-schema-2020-12-expand-deep-button { color: #5f6472; }
.swagger-ui :is(a, button, input, select, textarea, summary, [tabindex]):focus-visible { outline: 2px solid #1976d2; outline-offset: 2px; }

@media (max-width: 640px) {
  .swagger-ui .info .title { font-size: 1.5rem; line-height: 1.4; }
  .swagger-ui .info .title > span { display: flex; gap: 0.3rem; }
  .swagger-ui .info .title small { top: 0; margin: 0; }
  .swagger-ui .response-col_links { display: none; }
  .swagger-ui .parameters-col_name { width: 7rem; }
  /* Room for the buttons that lie over a response. Its padding stands in a style attribute. */
  .swagger-ui .live-responses-table .highlight-code > .microlight { padding-bottom: 3rem !important; }
}
`;
