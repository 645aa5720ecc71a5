import type { ClientConfig } from '../client-config.ts';
import type { CommonConfig } from '../common-config.ts';
import { encodeParts, type BytePart } from './encode-parts.ts';
import type { Identity } from '../identity.ts';
import { decodePinDigest, type Pin } from '../pin.ts';
import type { Revocation } from '../revocation.ts';
import type { ServerConfig } from '../server-config.ts';
import type { TrustSource } from '../trust.ts';

/** The option binds: a session is resumed only where its value writes the same parts. The value is `undefined` where it is not set. */
type Binds<Value> = (value: Value | undefined) => readonly BytePart[];

/** The option does not bind, for the reason given. */
interface Free {
  readonly free: string;
}

/** Holds one row for each option. A missing or a surplus one does not compile, so that a new option is not forgotten. */
type BindingTable<Config> = {
  readonly [Option in keyof Required<Config>]: Binds<Required<Config>[Option]> | Free;
};

/**
 * Computes a digest over what made a session trustworthy: whom the configuration believes and by which rules, and who we are ourselves.
 * A resumed handshake skips both proofs, so a session is resumed only under the same digest. Configurations that mean the same and are
 * written differently pay with a full handshake.
 * @param judge who verifies the peer, where a backend has a choice
 * @returns 32 bytes
 */
export function sessionBinding(
  configuration:
    | { readonly role: 'client'; readonly config: ClientConfig }
    | { readonly role: 'server'; readonly config: ServerConfig },
  judge: string,
  sha256: (bytes: Uint8Array) => Uint8Array,
): Uint8Array {
  const { role } = configuration;
  const options =
    role === 'client' ? parts(clientTable, configuration.config) : parts(serverTable, configuration.config);
  return sha256(encodeParts([role, judge, ...options]));
}

function parts<Config>(table: BindingTable<Config>, config: Config): readonly BytePart[] {
  return (Object.keys(table) as (keyof Config & string)[]).flatMap((option) => {
    const row = table[option];
    if (typeof row !== 'function') return [];
    const written = row(config[option]);
    // with their count, so that nothing of one option is taken for a part of the next
    return [option, String(written.length), ...written];
  });
}

const oncePerHandshake = { free: 'each handshake negotiates or does it anew' };
const ownBehaviour = { free: 'it says how we write, and nothing of who the peer is' };
const storage = { free: 'it says where sessions are kept and for how long' };

/** A function has no value to compare: that there is one is what can be said of it. */
const presence: Binds<unknown> = (hook) => [String(hook !== undefined)];
const words: Binds<readonly string[]> = (names) => (names === undefined ? ['default'] : ['list', ...names]);
const flag: Binds<boolean> = (isOn = false) => [String(isOn)];

const commonTable: BindingTable<CommonConfig> = {
  minVersion: { free: 'a session belongs to one version, which the handshake looks at' },
  maxVersion: { free: 'a session belongs to one version, which the handshake looks at' },
  cipherSuites: { free: 'the session’s suite must be among them, which the handshake looks at' },
  groups: oncePerHandshake,
  signatureSchemes: words,
  alpnProtocols: oncePerHandshake,
  clock: { free: 'both ends of a lifetime are read off it' },
  random: ownBehaviour,
  keyLog: ownBehaviour,
  verifyPeer: presence,
  verifyResumedPeer: { free: 'the hook is then asked again' },
  revocation: revocationParts,
  pins: pinParts,
  certificateProfile: (profile = 'compatible') => [profile],
  isPublicSuffix: presence,
  peerCertificateTypes: (types = ['X509']) => types,
  trustedPublicKeys: (keys = []) => keys,
  certificateCompressors: ownBehaviour,
  externalPsks: { free: 'a session keeps the digest of the key that it was made with, which must still be among them' },
  recordSizeLimit: ownBehaviour,
  maxFragmentLength: ownBehaviour,
  recordPadding: ownBehaviour,
};

const clientTable: BindingTable<ClientConfig> = {
  ...commonTable,
  trust: (source = 'default') => trustParts(source),
  identity: identityParts,
  // whom it would choose is not known before the server asks: only the same hook is sure to choose the same
  selectIdentity: (hook) => (hook === undefined ? [] : [tokenOf(hook)]),
  certificateTypes: { free: 'it orders what `identity` holds' },
  sessionStore: storage,
  keyShares: oncePerHandshake,
  grease: ownBehaviour,
  permuteExtensions: ownBehaviour,
  ocspStapling: (asks = true) => [String(asks)],
  requestCertificateTimestamps: flag,
  ticketRequest: storage,
  certificateAuthorities: { free: 'it is advice to the server, whose chain is judged by `trust`' },
  echGrease: ownBehaviour,
  requireSecureRenegotiation: oncePerHandshake,
  fallback: oncePerHandshake,
  dangerous: (dangerous) => flag(dangerous?.acceptAnyCertificate),
};

const serverTable: BindingTable<ServerConfig> = {
  ...commonTable,
  // who resumes sees no certificate: a server of the same ticket keys, and another identity, must not pass for this one
  identity: identityParts,
  // presence only: servers that share ticket keys are several processes
  selectIdentity: presence,
  clientAuthentication: (mode = 'none') => [mode],
  // what a certificate has made does not stand for a key
  requirePsk: flag,
  clientTrust: (source) => (source === undefined ? [] : trustParts(source)),
  certificateAuthorities: { free: 'it is advice to the client, whose chain is judged by `clientTrust`' },
  selectContext: { free: 'a session is bound to the rules of the context that was chosen' },
  ticketKeys: storage,
  sessionStore: storage,
  tickets: storage,
  sessionLifetimeSeconds: storage,
  maxEarlyData: oncePerHandshake,
  replayGuard: { free: 'what it has seen counts for early data only, and is looked at there' },
  retryCookie: oncePerHandshake,
  postQuantumRetry: oncePerHandshake,
  echKeys: oncePerHandshake,
  dangerous: (dangerous) => flag(dangerous?.acceptAnyClientCertificate),
};

function isList(source: TrustSource): source is readonly TrustSource[] {
  return Array.isArray(source);
}

function trustParts(source: TrustSource): readonly BytePart[] {
  if (typeof source === 'string' || source instanceof Uint8Array) return [source];
  if (isList(source)) return source.flatMap(trustParts);
  const { subject, subjectPublicKeyInfo, nameConstraints = new Uint8Array(0) } = source;
  // no name of a store and no PEM text, so that the three behind it are not taken for certificates
  return ['anchor', subject, subjectPublicKeyInfo, nameConstraints];
}

/** What we prove ourselves with is the certificate or the key; how it is signed with does not count. */
function identityParts(identities: Identity | readonly Identity[] | undefined): readonly BytePart[] {
  return [identities ?? []].flat().flatMap(({ certificateChain, rawPublicKey }: Identity): readonly BytePart[] => {
    const shown = rawPublicKey === undefined ? [certificateChain].flat() : [rawPublicKey];
    return [rawPublicKey === undefined ? 'certificates' : 'key', String(shown.length), ...shown];
  });
}

function pinParts(pins: readonly Pin[] | undefined): readonly BytePart[] {
  return (pins ?? []).flatMap(({ certificateSha256, publicKeySha256 }) =>
    certificateSha256 === undefined
      ? ['key', decodePinDigest(publicKeySha256 ?? '')]
      : ['certificate', decodePinDigest(certificateSha256)],
  );
}

/** The lists themselves too: who has newer ones looks again. */
function revocationParts(revocation: Revocation | undefined): readonly BytePart[] {
  if (revocation === undefined) return [];
  const { crls, depth = 'chain', unknownStatus = 'reject' } = revocation;
  return [depth, unknownStatus, ...crls];
}

const tokens = new WeakMap<object, Uint8Array>();

/** Random bytes that stand for a function in this process: none of another process is taken for it. */
function tokenOf(hook: object): Uint8Array {
  const known = tokens.get(hook);
  if (known !== undefined) return known;
  const token = crypto.getRandomValues(new Uint8Array(16));
  tokens.set(hook, token);
  return token;
}
