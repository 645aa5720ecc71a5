import type { ChainJudge, PeerVerifier } from '@org/tls-core';
import { peerVerifierOptions, propertyOf } from '@org/tls-core/backend';

/**
 * Reads what was given as `verifier`, once.
 * @throws TypeError when it is none
 */
export function readVerifier(verifier: unknown): PeerVerifier | undefined {
  if (verifier === undefined) return undefined;
  const name = propertyOf(verifier, 'name');
  const createJudge = propertyOf(verifier, 'createJudge');
  const options: unknown = propertyOf(verifier, 'options');
  if (typeof name !== 'string' || name === '' || typeof createJudge !== 'function' || !Array.isArray(options))
    throw new TypeError('verifier: expected a PeerVerifier: an object with name, options and createJudge()');
  const known: readonly unknown[] = peerVerifierOptions;
  const copy = [...(options as readonly unknown[])];
  if (!copy.every((option) => known.includes(option)))
    throw new TypeError(`verifier.options: expected some of ${peerVerifierOptions.join(', ')}, got ${copy.join(', ')}`);
  return Object.freeze({
    name,
    options: copy as PeerVerifier['options'],
    createJudge: (rules) => judgeOf(Reflect.apply(createJudge, verifier, [rules])),
  } satisfies PeerVerifier);
}

function judgeOf(judge: unknown): ChainJudge {
  if (typeof judge === 'function') return judge as ChainJudge;
  throw new TypeError(`verifier.createJudge: expected that it gives a function, got ${typeof judge}`);
}

/** Tells what to do, by the option that the platform's verifier does not know. */
export const verifierRemedies: Readonly<Record<string, string>> = Object.fromEntries(
  peerVerifierOptions.map((option) => [
    option,
    'a verifier brought along may, as in createBackend({ verifier: peerVerifier() }) with peerVerifier of @org/x509; so does @org/tls-pure itself',
  ]),
);
