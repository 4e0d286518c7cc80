/** Texts that others wrote, short and harmless enough for a line of a report. */

/** On one line, and cut with an ellipsis where it is longer than that many characters. */
export function cut(text: string, length: number): string {
  const characters = [...text.replaceAll(/\s+/g, ' ').trim()];
  return characters.length <= length
    ? characters.join('')
    : `${characters
        .slice(0, length - 1)
        .join('')
        .trimEnd()}…`;
}

/** A statement without the comments before it. */
export const withoutComments = (query: string): string =>
  query.replace(/^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/, '');

/** A line without what a terminal obeys, or what turns its direction: in their place stands a replacement character. */
export const plain = (text: string): string => text.replaceAll(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu, '�');
