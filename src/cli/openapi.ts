/** `hedgerow openapi`: the OpenAPI document of the REST API, for clients that are generated from it; or the page made of it. */
import { openApi } from '../rest/openapi/document.ts';
import { restReference } from '../rest/reference.ts';
import { version } from '../version.ts';

export function openapi({ markdown }: { markdown: boolean }): void {
  const document = openApi(version);
  process.stdout.write(markdown ? restReference(document) : `${JSON.stringify(document, undefined, 2)}\n`);
}
