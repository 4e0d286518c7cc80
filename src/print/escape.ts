/** Text as it may stand in HTML and SVG, between tags or in a quoted attribute. */

/** Escapes what would be markup. */
export const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** A name, escaped, that may go on in the next line where its words end. */
export const breakable = (name: string): string => escape(name).replaceAll(/[_.@-](?=.)/g, '$&<wbr>');
