/** Where accounts are: Better Auth's clients expect them there. */
export const accountsPath = '/api/auth';
