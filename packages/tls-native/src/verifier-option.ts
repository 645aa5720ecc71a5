import { peerVerifierOptions, type PeerVerifier } from '@org/tls-core';

/**
 * Checks what was given as `verifier`.
 * @throws TypeError when it is none
 */
export function checkVerifier(verifier: unknown): asserts verifier is PeerVerifier | undefined {
  if (verifier === undefined) return;
  const { name, options, createJudge } = (verifier ?? {}) as Readonly<Partial<Record<keyof PeerVerifier, unknown>>>;
  if (typeof name !== 'string' || name === '' || typeof createJudge !== 'function' || !Array.isArray(options))
    throw new TypeError('verifier: expected a PeerVerifier: an object with name, options and createJudge()');
  const known: readonly unknown[] = peerVerifierOptions;
  if (!options.every((option) => known.includes(option)))
    throw new TypeError(
      `verifier.options: expected some of ${peerVerifierOptions.join(', ')}, got ${options.join(', ')}`,
    );
}

/** What is to be done where an option is refused that the platform's verifier does not know. */
export const verifierRemedies: Readonly<Record<string, string>> = Object.fromEntries(
  peerVerifierOptions.map((option) => [
    option,
    'a verifier brought along may, as in createBackend({ verifier: peerVerifier() }) with peerVerifier of @org/tls-pure/x509; so does @org/tls-pure itself',
  ]),
);
