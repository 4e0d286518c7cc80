/** Text as it may stand in HTML and SVG, between tags or in a quoted attribute. */

/** Escapes what would be markup. */
export const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
