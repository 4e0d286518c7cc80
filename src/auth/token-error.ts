/** What went wrong while a token was verified → the error that the client sees. */
import { errors } from 'jose';
import { ApiError } from '../errors.ts';

/** jose's error code → public message. Codes that are not here mean a token that is no signed JWT, or an exotic one. */
const messages: Record<string, string> = {
  ERR_JWT_EXPIRED: 'The token has expired.',
  ERR_JOSE_ALG_NOT_ALLOWED: 'The token is signed with an algorithm that is not accepted.',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'The signature of the token is not valid.',
  ERR_JWKS_NO_MATCHING_KEY: 'The token is signed with an unknown key.',
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: 'The token does not say which key signed it.',
};

/**
 * Takes whatever was thrown during verification and gives an ApiError: itself if it is one, otherwise UNAUTHENTICATED with the
 * reason as message and the original as cause. The message holds nothing of the token, and the cause no claims.
 */
export function toTokenError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  return new ApiError('UNAUTHENTICATED', describe(thrown), { cause: withoutClaims(thrown) });
}

function describe(thrown: unknown): string {
  if (thrown instanceof errors.JWTClaimValidationFailed) {
    return thrown.claim === 'nbf' && thrown.reason === 'check_failed'
      ? 'The token is not valid yet.'
      : `The claim "${thrown.claim}" of the token is missing or not accepted.`; // a name from jose's list, not from the token
  }
  return (thrown instanceof errors.JOSEError && messages[thrown.code]) || 'The token is malformed.';
}

/** jose hangs the whole payload, e-mail address included, on two of its errors, twice; the log needs the reason only. */
function withoutClaims(thrown: unknown): unknown {
  if (thrown instanceof errors.JWTClaimValidationFailed || thrown instanceof errors.JWTExpired) {
    thrown.payload = {};
    thrown.cause = { claim: thrown.claim, reason: thrown.reason, payload: {} };
  }
  return thrown;
}
