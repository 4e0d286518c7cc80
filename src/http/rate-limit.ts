/** Rate limits (C-55): requests of one user, and attempts from one address. Counted by rate-limiter-flexible, in fixed windows of a minute. */
import type { RequestHandler } from 'express';
import ipaddr from 'ipaddr.js';
import type { Pool } from 'pg';
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterPostgres,
  RateLimiterRes,
} from 'rate-limiter-flexible';
import type { RateLimits } from '../config.ts';
import { authSchema } from '../database/roles.ts';
import { ApiError } from '../errors.ts';

/** Counts one request of whoever the key names; throws RATE_LIMITED when there were too many in this minute. */
export type RateLimit = (key: string) => Promise<void>;

export type Limits = {
  /** Requests of one user. */
  api: RateLimit;
  /** Attempts from one address. */
  signIn: RateLimit;
  signUp: RateLimit;
  reset: RateLimit;
};

/** @param pool where several processes count together (see createRateLimit) */
export const createRateLimits = ({ perUser, perAddress }: RateLimits, pool?: Pool): Limits => ({
  api: createRateLimit('api', perUser, pool),
  signIn: createRateLimit('sign-in', perAddress, pool),
  signUp: createRateLimit('sign-up', perAddress, pool),
  reset: createRateLimit('reset', perAddress, pool),
});

/** Seconds. */
const window = 60;

/**
 * @param name tells this limit's counts from those of others
 * @param perMinute how many are let through; 0 is any number
 * @param pool where processes count together: logs in as the owner of the schema `auth`. Without it this process counts for itself
 */
export function createRateLimit(name: string, perMinute: number, pool?: Pool): RateLimit {
  if (perMinute === 0) return async () => {};
  const counting = { keyPrefix: name, points: perMinute, duration: window };
  const inMemory = new RateLimiterMemory(counting);
  const limiter: RateLimiterAbstract = pool
    ? new RateLimiterPostgres({
        ...counting,
        storeClient: pool,
        storeType: 'pool',
        schemaName: authSchema,
        tableName: 'rate_limits',
        // `migrate` has made it.
        tableCreated: true,
        // Who is over the limit costs no query until the minute is over.
        inMemoryBlockOnConsumed: perMinute + 1,
        // While the database cannot be had, each process counts for itself.
        insuranceLimiter: inMemory,
      })
    : inMemory;

  return async (key) => {
    try {
      await limiter.consume(key);
    } catch (thrown) {
      if (!(thrown instanceof RateLimiterRes)) throw thrown;
      const retryAfter = Math.max(1, Math.ceil(thrown.msBeforeNext / 1000));
      throw new ApiError('RATE_LIMITED', `Only ${perMinute} are allowed in a minute. Try again in ${retryAfter} s.`, {
        retryAfter,
        details: { retryAfter },
      });
    }
  };
}

/** Express middleware: counts a request as one of its address. */
export function limitAddress(limit: RateLimit): RequestHandler {
  return async (request, _response, next) => {
    await limit(addressKey(request.ip ?? ''));
    next();
  };
}

/** What one subscriber of a network has: an IPv4 address, or the first 64 bits of an IPv6 address (RFC 6177). */
export function addressKey(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv6
    ? parsed.parts
        .slice(0, 4)
        .map((part) => part.toString(16))
        .join(':')
    : parsed.toString();
}
