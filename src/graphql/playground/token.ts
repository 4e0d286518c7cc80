/** What a token says of itself, for display only: the server is who verifies. */

export type TokenReading = { fault: string } | { fault?: undefined; sub: string; exp: number; email?: string };

/**
 * Takes a token and gives its subject, expiry (seconds since the epoch) and address, or what is wrong with its form.
 * It runs in the page, as the text of this function: it may use nothing that is not a browser's own.
 */
export const readToken = (token: string): TokenReading => {
  const [, payload, signature, ...rest] = token.split('.');
  if (!payload || !signature || rest.length > 0) {
    return { fault: 'This is not a token: it should have three parts with dots between them, and begin with eyJ.' };
  }
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (char) =>
      char.charCodeAt(0),
    );
    const { sub, exp, email } = Object(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))) as {
      sub?: unknown;
      exp?: unknown;
      email?: unknown;
    };
    if (typeof sub !== 'string' || sub === '') return { fault: 'This token has no subject (the claim sub).' };
    // The bound is the last moment that a Date can hold.
    if (typeof exp !== 'number' || !(Math.abs(exp) <= 8.64e12)) return { fault: 'This token has no expiry (exp).' };
    return { sub, exp, ...(typeof email === 'string' && { email }) };
  } catch {
    return { fault: 'This token is garbled: its middle part cannot be read. Was all of it copied?' };
  }
};
