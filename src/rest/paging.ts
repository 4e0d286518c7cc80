/** Pages of a list: how many, and from where on. */
import { z } from 'zod';

/** What a page is asked with. @param what is listed, for the words of a refusal */
export function pageQuery(what: string) {
  const sizes = `A page has 1 to 100 ${what}.`;
  return {
    limit: z
      .string()
      .regex(/^\d{1,6}$/, 'This has to be a whole number.')
      .transform(Number)
      .pipe(z.number().min(1, sizes).max(100, sizes))
      .describe('How many to give at once: 1 to 100, 20 unless given.'),
    cursor: z.string().describe('`meta.next_cursor` of the page before.'),
  };
}

/** The same as variables of a document. */
export const pageVariables = ({ limit, cursor }: { limit?: number; cursor?: string }) => ({
  ...(limit !== undefined && { first: limit }),
  ...(cursor !== undefined && { after: cursor }),
});

/** What a page says of the one after it, in a document that asks for it. */
export type PageInfo = { hasNextPage: boolean; endCursor: string | null };

/** Where the next page begins; null after the last. */
export const nextCursor = ({ hasNextPage, endCursor }: PageInfo): string | null => (hasNextPage ? endCursor : null);
