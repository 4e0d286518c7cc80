/** After all tests: the trace is judged, where there is one, and the server goes, with everything that was in it. */
type Release = () => Promise<void>;

export default async function globalTeardown(): Promise<void> {
  const { endTrace, releaseTestServer } = globalThis as { endTrace?: Release; releaseTestServer?: Release };
  try {
    await endTrace?.();
  } finally {
    await releaseTestServer?.();
  }
}
