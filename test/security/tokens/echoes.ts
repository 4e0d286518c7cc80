/** Whether a text repeats something of a token: of the token as it is, or of what its parts hold. */

/** Shorter pieces than this may agree by chance. */
const pieceLength = 8;

/** The first piece of the text that is in the token too; undefined if there is none. */
export function echo(text: string, token: string): string | undefined {
  const sources = [token, ...token.split('.').flatMap(contents)].filter((source) => source.length >= pieceLength);
  return Array.from({ length: Math.max(0, text.length - pieceLength + 1) }, (_, start) =>
    text.slice(start, start + pieceLength),
  ).find((piece) => sources.some((source) => source.includes(piece)));
}

const contents = (part: string): string[] => {
  const bytes = Buffer.from(part, 'base64url');
  return [bytes.toString('utf8'), bytes.toString('latin1'), bytes.toString('utf16le')];
};
