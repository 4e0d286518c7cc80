/** After all tests: the server goes, with everything that was in it. */
export default async function globalTeardown(): Promise<void> {
  await (globalThis as { releaseTestServer?: () => Promise<void> }).releaseTestServer?.();
}
