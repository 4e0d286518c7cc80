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
    <main id="viewer"></main>
  </body>
</html>
`;

/**
 * Runs in the browser as it stands. No validator: Swagger UI would send the address of the document to its makers'. The token is not kept:
 * it goes with the page.
 */
export const viewerScript = `const darkness = matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', darkness.matches);
darkness.addEventListener('change', follow);
follow();

SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#viewer',
  deepLinking: true,
  displayRequestDuration: true,
  persistAuthorization: false,
  validatorUrl: null,
});
`;

export const viewerStyle = `html { background: #fff; }
html.dark-mode { background: #1c2022; }
body { margin: 0; }
`;
