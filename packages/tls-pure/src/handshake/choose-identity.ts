import type { CertificateType, MaybePromise } from '@org/tls-core';
import type { SignatureScheme } from '@org/tls-crypto';
import type { ByteStringList } from '@org/tls-core/backend';
import type { LoadedIdentity } from './identity.ts';
import { settle, type Handshake } from './steps.ts';

/** What the peer accepts. */
export interface IdentityWishes {
  /** In the peer's order of preference. */
  readonly certificateTypes: readonly CertificateType[];
  /** DER-encoded distinguished names. */
  readonly certificateAuthorities: ByteStringList;
  /** Whether the identity may sign with the scheme here: the key must fit it by the rules of the version. */
  accepts(scheme: SignatureScheme, identity: LoadedIdentity): boolean;
}

/** An identity, and the scheme it signs with. */
export interface ChosenIdentity {
  readonly identity: LoadedIdentity;
  readonly scheme: SignatureScheme;
  /** Its place in the configuration's list; `undefined`: a hook chose it. */
  readonly index: number | undefined;
}

/** The first of the configuration's identities that the peer accepts (RFC 8446 §4.4.2.2, §4.4.2.3), with the scheme it signs with. */
export function* chooseIdentity(
  configured: readonly MaybePromise<LoadedIdentity>[],
  wishes: IdentityWishes,
): Handshake<ChosenIdentity | undefined> {
  for (const [index, pending] of configured.entries()) {
    const chosen = yield* fitIdentity(pending, wishes);
    if (chosen !== undefined) return { identity: chosen.identity, scheme: chosen.scheme, index };
  }
  return undefined;
}

/** As `chooseIdentity`, of those that a hook has chosen, which have no place in the configuration. */
export function* chooseFromHook(
  selected: readonly MaybePromise<LoadedIdentity>[],
  wishes: IdentityWishes,
): Handshake<ChosenIdentity | undefined> {
  const chosen = yield* chooseIdentity(selected, wishes);
  return chosen && { ...chosen, index: undefined };
}

function* fitIdentity(
  pending: MaybePromise<LoadedIdentity>,
  wishes: IdentityWishes,
): Handshake<ChosenIdentity | undefined> {
  const identity = yield* settle(pending);
  if (!wishes.certificateTypes.includes(identity.certificateType)) return undefined;
  if (identity.mustMatchIssuer && !hasIssuer(identity, wishes.certificateAuthorities)) return undefined;
  const scheme = identity.signatureSchemes.find((each) => wishes.accepts(each, identity));
  return scheme && { identity, scheme, index: undefined };
}

function hasIssuer({ issuers }: LoadedIdentity, authorities: ByteStringList): boolean {
  return issuers.some((issuer) => authorities.includes(issuer));
}
