/** What OpenSSL does otherwise, and why; each must still fail. */
export const nativeDeviations: Readonly<Record<string, string>> = {};
