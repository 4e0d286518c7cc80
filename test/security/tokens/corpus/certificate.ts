/** A certificate that somebody has signed for themselves: what a header of Mallory's brings along (`x5c`). Ed25519, RFC 5280 and RFC 8410. */
import { sign } from 'node:crypto';
import type { IssuerKey } from '../../../support/tokens.ts';

/** One element of DER: its tag, the length of its contents, the contents. */
function der(tag: number, ...contents: Uint8Array[]): Buffer {
  const body = Buffer.concat(contents);
  const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

const sequence = (...contents: Uint8Array[]) => der(0x30, ...contents);
/** 1.3.101.112 */
const ed25519 = sequence(Buffer.from([0x06, 0x03, 0x2b, 0x65, 0x70]));
/** 2.5.4.3 */
const commonName = Buffer.from([0x06, 0x03, 0x55, 0x04, 0x03]);

/** The certificate as DER. */
export function selfSigned(name: string, { publicKey, privateKey }: IssuerKey): Buffer {
  const subject = sequence(der(0x31, sequence(commonName, der(0x0c, Buffer.from(name)))));
  const validity = sequence(...['240101000000Z', '491231235959Z'].map((time) => der(0x17, Buffer.from(time))));
  const toBeSigned = sequence(
    der(0x02, Buffer.from([1])),
    ed25519,
    subject,
    validity,
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  return sequence(toBeSigned, ed25519, der(0x03, Buffer.from([0]), sign(null, toBeSigned, privateKey)));
}
