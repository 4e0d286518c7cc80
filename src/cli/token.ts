/** `hedgerow token <sub>`: a token for development, signed with the shared secret. */
import { openGeneratedSecret } from '../auth/generated-secret.ts';
import { issueToken } from '../auth/issue-token.ts';
import { type Config, parseConfig } from '../config.ts';
import { OperatorError } from '../errors.ts';
import type { Environment } from './environment.ts';

export type TokenOptions = { email?: string; name?: string; lifetime: number };

/**
 * Prints a token whose subject is `sub`.
 * @throws OperatorError in production, and where tokens come from an issuer
 */
export async function token(env: Environment, sub: string, { lifetime, ...claims }: TokenOptions): Promise<void> {
  const config = parseConfig(env, 'token');
  if (config.environment === 'production') {
    throw new OperatorError(
      'Refusing to make a token: NODE_ENV is production. Tokens come from your identity provider there.',
    );
  }
  const secret = await openTokenSecret(config);
  process.stdout.write(
    `${await issueToken(secret, { sub, ...claims, ...config.tokenRules, lifetimeSeconds: lifetime })}\n`,
  );
}

/** The secret that tokens are signed with. */
export async function openTokenSecret({ tokenKeys, dataDir }: Pick<Config, 'tokenKeys' | 'dataDir'>): Promise<string> {
  if (tokenKeys.kind === 'jwks') {
    throw new OperatorError('Tokens are verified with the keys of HEDGEROW_JWKS_URL: get one from that issuer.');
  }
  return tokenKeys.kind === 'secret' ? tokenKeys.secret : openGeneratedSecret(dataDir);
}
