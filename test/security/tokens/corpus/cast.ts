/** Who plays in the corpus: the keys of the issuer, the keys of Mallory, what an honest token says, and what an entry is. */
import { base64url, hmac, inSeconds, mint, newKey, testSecret } from '../../../support/tokens.ts';
import type { IssuerKey, Signer } from '../../../support/tokens.ts';

/** A verifier has one kind of key: the shared secret, or the key set of an issuer. */
export type Kind = 'secret' | 'jwks';

/** A token that every verifier of its list has to refuse. */
export type Hostile = {
  name: string;
  /** What would go wrong if it were accepted. */
  why: string;
  token: string;
  /** The status with which Node's own HTTP parser refuses it, so that no line of ours sees it. Without one: 401. */
  parser?: 400 | 431;
  /** The close code for a message that is too large for a WebSocket, whatever is in it. Without one: 4401. */
  socket?: 1009;
  /** Hostile to a verifier that was told its issuer and audience; without those rules the token is a good one. */
  needsRules?: true;
};

/** A token that is accepted by design. */
export type Harmless = {
  name: string;
  /** Why it does no harm. */
  why: string;
  token: string;
  /** Whose requests it makes. */
  sub: string;
};

export type Cast = {
  /** Published, and used by honest tokens. */
  ed: IssuerKey;
  ec: IssuerKey;
  rsa: IssuerKey;
  /** Published, and not to be trusted: too short; meant for encryption. */
  weak: IssuerKey;
  sealing: IssuerKey;
  mallory: {
    ed: IssuerKey;
    rsa: IssuerKey;
    /** Where Mallory's key set is. */
    url: URL;
  };
};

/** Mallory's keys have the names of honest ones. */
export const mallorysKeys = () => ({ ed: newKey('EdDSA', 'ed'), rsa: newKey('RS256', 'rsa') });

/** New keys for everybody but Mallory, who has to serve hers first. */
export function makeCast(mallory: Cast['mallory']): Cast {
  return {
    ed: newKey('EdDSA', 'ed'),
    ec: newKey('ES256', 'ec'),
    rsa: newKey('RS256', 'rsa'),
    weak: newKey('RS256', 'weak', 1024),
    sealing: newKey('RS256', 'sealing'),
    mallory,
  };
}

/** What the issuer publishes, a mistake of its own included: the shared secret. */
export const publishedBy = ({ ed, ec, rsa, weak, sealing }: Cast): object[] => [
  ...[ed, ec, rsa, weak].map(({ jwk }) => jwk),
  { ...sealing.jwk, use: 'enc' },
  { kty: 'oct', kid: 'shared', k: base64url(testSecret) },
];

/** The rules of the verifiers. */
export const rules = { clockSkewSeconds: 60, issuer: 'https://id.example', audience: 'tasks-api' };

const exp = inSeconds(900);

/** What an honest token says. An attack changes one thing of it. */
export const honest = { sub: 'alice', iss: rules.issuer, aud: rules.audience, exp };

/** The signer whose tokens a verifier of the kind accepts. */
export const signerOf = (kind: Kind, { ed }: Cast): Signer => (kind === 'secret' ? hmac('HS256', testSecret) : ed);

/** The honest claims as JSON with some of it replaced: for what JSON.stringify would not write. */
export const json = (replaced: Record<string, string>): string =>
  `{${Object.entries({ ...mapValues(honest, JSON.stringify), ...replaced })
    .map(([name, text]) => `"${name}":${text}`)
    .join()}}`;

const mapValues = <T>(values: Record<string, T>, change: (value: T) => string): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));

/** Signs a header that is no JSON object, or not one that JSON.stringify would write. */
export function seal(header: string | Uint8Array, payload: string | Uint8Array, by: Signer): string {
  const input = `${base64url(header)}.${base64url(payload)}`;
  return `${input}.${base64url(by.sign(Buffer.from(input)))}`;
}

/** The three parts of an honest token. */
export function partsOf(by: Signer): { header: string; payload: string; signature: string } {
  const [header = '', payload = '', signature = ''] = mint(honest, { by }).split('.');
  return { header, payload, signature };
}
