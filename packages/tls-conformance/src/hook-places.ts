import type { ClientConfig, Feature, ProtocolVersion, RevocationListSource, ServerConfig, Signer } from '@org/tls-core';
import type { HookName } from '@org/tls-core/backend';
import { signBy } from './fixture-keys.ts';
import { certificates, rootPem, type FixtureName } from './fixtures.ts';
import type { Roles } from './conformance-case.ts';
import { identityFor, identityOf, type ConnectionOptions } from './memory-pair.ts';
import { good, revocationListPem, revocationRootPem } from './revocation-fixtures.ts';
import { deflateStored, inflateStored } from './stored-zlib.ts';

/** Lets a hook of a configuration answer. In some places the right answer may be absent. */
export type Ask = (right: () => unknown) => never;

/** Where a hook is asked. */
export interface HookPlace {
  /** Whose hook it is. */
  readonly role: 'client' | 'server';
  /** The option of that role that is the hook or holds it. */
  readonly option: keyof ClientConfig | keyof ServerConfig;
  readonly feature?: Feature;
  /** The protocols in which the hook is asked. Default: all. */
  readonly protocols?: readonly ProtocolVersion[];
  /** Whether the hook is asked only when a session is resumed; `early` means with early data. */
  readonly resumes?: boolean | 'early';
  /** A value that is no valid answer. Absent where every answer is right, because the hook is called for what it does. */
  readonly garbage?: unknown;
  /** With `now`, the hook must answer at once. */
  readonly when?: 'now';
  /**
   * The code when the hook fails; default `ERR_TLS_HOOK`. With `survived` its owner is warned, and the connection goes on without the hook.
   */
  readonly failure?: 'survived' | 'ERR_TLS_CERTIFICATE_REJECTED' | 'ERR_TLS_CERTIFICATE_BAD';
  readonly certificate?: FixtureName;
  readonly connection?: ConnectionOptions;
  /** Whether the server has a certificate for ECDSA, whatever others have. */
  readonly needsEcdsa?: true;
  configure(ask: Ask, roles: Roles): { readonly client?: ClientConfig; readonly server?: Partial<ServerConfig> };
}

const key = { name: new Uint8Array(16).fill(1), secret: new Uint8Array(32).fill(1) };
const mutual = { clientAuthentication: 'require', clientTrust: rootPem } as const;
const clientIdentity = identityOf('wrongPurpose');
const zlib = 1;
const goodIdentity = { certificateChain: good.chainPem, privateKey: good.privateKeyPem };
const goodLists = { crls: [revocationListPem], digest: 'the list' };

function askedLists(ask: Ask): RevocationListSource {
  return {
    get current() {
      return ask(() => goodLists);
    },
  };
}

function signerOf(certificate: FixtureName, ask: Ask): { readonly certificateChain: string; readonly signer: Signer } {
  const signer: Signer = {
    signatureSchemes: ['ecdsa_secp256r1_sha256'],
    sign: (scheme, input) => ask(() => signBy(certificate, scheme, input)),
  };
  return { certificateChain: certificates[certificate].chainPem, signer };
}

/** Gives the places of a hook that is an option of the same name in both roles. */
function inBothRoles(place: Omit<HookPlace, 'role' | 'configure'>, hook: (ask: Ask) => object): readonly HookPlace[] {
  return [
    { ...place, role: 'client', configure: (ask) => ({ client: hook(ask) }) },
    { ...place, role: 'server', configure: (ask) => ({ server: hook(ask) }) },
  ];
}

const compressing: Pick<HookPlace, 'feature' | 'protocols' | 'option'> = {
  option: 'certificateCompressors',
  feature: 'certificateCompression',
  protocols: ['TLSv1.3'],
};

/** Each hook that exists, with the places where it can be asked. A hook without a row does not compile. */
export const hookPlaces: Readonly<Record<HookName, readonly HookPlace[]>> = {
  clock: inBothRoles({ option: 'clock', when: 'now', garbage: Number.NaN }, (ask) => ({
    clock: () => ask(() => performance.timeOrigin + performance.now()),
  })),
  random: inBothRoles({ option: 'random', when: 'now', garbage: new Uint8Array(32) }, (ask) => ({
    random: (into: Uint8Array<ArrayBuffer>) => ask(() => crypto.getRandomValues(into)),
  })),
  isPublicSuffix: [
    {
      role: 'client',
      option: 'isPublicSuffix',
      when: 'now',
      garbage: 'false',
      certificate: 'wildcard',
      connection: { serverName: 'www.example.test' },
      configure: (ask) => ({ client: { certificateProfile: 'webpki', isPublicSuffix: () => ask(() => false) } }),
    },
  ],
  'revocation.lists': [
    {
      role: 'client',
      option: 'revocation',
      needsEcdsa: true,
      when: 'now',
      garbage: { crls: [revocationListPem] },
      configure: (ask) => ({
        client: { trust: revocationRootPem, revocation: { lists: askedLists(ask) } },
        server: { identity: goodIdentity },
      }),
    },
    {
      role: 'server',
      option: 'revocation',
      feature: 'clientAuthentication',
      when: 'now',
      garbage: { crls: [revocationListPem] },
      configure: (ask) => ({
        client: { identity: goodIdentity },
        server: {
          clientAuthentication: 'require',
          clientTrust: revocationRootPem,
          revocation: { lists: askedLists(ask) },
        },
      }),
    },
  ],
  verifyPeer: [
    {
      role: 'client',
      option: 'verifyPeer',
      failure: 'ERR_TLS_CERTIFICATE_REJECTED',
      garbage: false,
      configure: (ask) => ({ client: { verifyPeer: () => ask(() => undefined) } }),
    },
    {
      role: 'client',
      option: 'verifyPeer',
      feature: 'resumption',
      resumes: true,
      failure: 'ERR_TLS_CERTIFICATE_REJECTED',
      garbage: true,
      configure: (ask) => ({ client: { verifyPeer: () => ask(() => undefined), verifyResumedPeer: true } }),
    },
    {
      role: 'server',
      option: 'verifyPeer',
      feature: 'clientAuthentication',
      failure: 'ERR_TLS_CERTIFICATE_REJECTED',
      garbage: false,
      configure: (ask) => ({
        client: { identity: clientIdentity },
        server: { ...mutual, verifyPeer: () => ask(() => undefined) },
      }),
    },
  ],
  // The verifier is given to a backend and is no option: the package of such a backend tests it.
  verifier: [],
  selectIdentity: [
    {
      role: 'client',
      option: 'selectIdentity',
      feature: 'clientAuthentication',
      garbage: { certificateChain: 'a chain without a key' },
      configure: (ask) => ({ client: { selectIdentity: () => ask(() => clientIdentity) }, server: mutual }),
    },
    {
      role: 'server',
      option: 'selectIdentity',
      garbage: 'an identity',
      configure: (ask, roles) => ({ server: { selectIdentity: () => ask(() => identityFor(roles)) } }),
    },
  ],
  selectContext: [
    {
      role: 'server',
      option: 'selectContext',
      garbage: { role: 'server', createEngine: () => undefined },
      configure: (ask) => ({ server: { selectContext: () => ask(() => undefined) } }),
    },
  ],
  'signer.sign': [
    {
      role: 'client',
      option: 'identity',
      feature: 'clientAuthentication',
      garbage: new Uint8Array(0),
      configure: (ask) => ({ client: { identity: signerOf('wrongPurpose', ask) }, server: mutual }),
    },
    {
      role: 'server',
      option: 'identity',
      garbage: 'signed',
      configure: (ask) => ({ server: { identity: signerOf('ecdsa-p256', ask) } }),
    },
  ],
  'identity.ocspResponse': [
    {
      role: 'server',
      option: 'identity',
      feature: 'ocspStapling',
      failure: 'survived',
      garbage: null,
      configure: (ask) => ({
        server: { identity: { ...identityOf('ecdsa-p256'), ocspResponse: () => ask(() => undefined) } },
      }),
    },
  ],
  'certificateCompressor.compress': [
    {
      ...compressing,
      role: 'server',
      failure: 'survived',
      garbage: new Uint8Array(0),
      configure: (ask) => ({
        client: {
          certificateCompressors: [{ algorithm: zlib, decompress: (compressed) => inflateStored(compressed) }],
        },
        server: {
          certificateCompressors: [{ algorithm: zlib, compress: (plain) => ask(() => deflateStored(plain)) }],
        },
      }),
    },
  ],
  'certificateCompressor.decompress': [
    {
      ...compressing,
      role: 'client',
      failure: 'ERR_TLS_CERTIFICATE_BAD',
      garbage: 'a certificate',
      configure: (ask) => ({
        client: {
          certificateCompressors: [
            { algorithm: zlib, decompress: (compressed) => ask(() => inflateStored(compressed)) },
          ],
        },
        server: {
          certificateCompressors: [{ algorithm: zlib, compress: (plain) => deflateStored(plain) }],
        },
      }),
    },
  ],
  'sessionStore.put': [
    {
      role: 'client',
      option: 'sessionStore',
      feature: 'resumption',
      failure: 'survived',
      configure: (ask) => ({ client: { sessionStore: { put: () => ask(() => undefined), take: () => undefined } } }),
    },
  ],
  'sessionStore.take': [
    {
      role: 'client',
      option: 'sessionStore',
      feature: 'resumption',
      failure: 'survived',
      garbage: { state: 'a session' },
      configure: (ask) => ({ client: { sessionStore: { put: () => undefined, take: () => ask(() => undefined) } } }),
    },
  ],
  'serverSessionStore.put': [
    {
      role: 'server',
      option: 'sessionStore',
      feature: 'resumption',
      failure: 'survived',
      configure: (ask) => ({ server: { sessionStore: { put: () => ask(() => undefined), take: () => undefined } } }),
    },
  ],
  'serverSessionStore.take': [
    {
      role: 'server',
      option: 'sessionStore',
      feature: 'resumption',
      resumes: true,
      failure: 'survived',
      garbage: null,
      configure: (ask) => {
        const states = new Map<string, Uint8Array>();
        return {
          server: {
            sessionStore: {
              put: (identifier, state) => void states.set(identifier.join(' '), state),
              take: (identifier) => ask(() => states.get(identifier.join(' '))),
            },
          },
        };
      },
    },
  ],
  'ticketKeys.current': [
    {
      role: 'server',
      option: 'ticketKeys',
      feature: 'resumption',
      failure: 'survived',
      garbage: [{ name: new Uint8Array(16), secret: new Uint8Array(31) }],
      configure: (ask) => ({ server: { ticketKeys: { current: () => ask(() => [key]) } } }),
    },
  ],
  'replayGuard.firstUse': [
    {
      role: 'server',
      option: 'replayGuard',
      feature: 'earlyData',
      protocols: ['TLSv1.3'],
      resumes: 'early',
      failure: 'survived',
      garbage: 1,
      configure: (ask) => ({ server: { maxEarlyData: 1000, replayGuard: { firstUse: () => ask(() => true) } } }),
    },
  ],
};

/** Whether a value of an option's type is a hook, or may hold one. */
type Holds<Value> = Value extends Uint8Array | string | number | boolean | undefined
  ? never
  : Value extends (...given: never[]) => unknown
    ? 'hook'
    : { readonly [Field in keyof Value]: FieldHolds<Value[Field]> }[keyof Value];
/** As `Holds`, no deeper than the fields of a list's items. */
type FieldHolds<Value> = Value extends Uint8Array
  ? never
  : Value extends (...given: never[]) => unknown
    ? 'hook'
    : Value extends { readonly sign: unknown } | { readonly current: unknown }
      ? 'hook'
      : never;
type ItemOf<Value> = Value extends readonly (infer Item)[] ? Item : Value;
type HookOption<Config> = {
  readonly [Option in keyof Config]-?: 'hook' extends Holds<ItemOf<Config[Option]>> ? Option : never;
}[keyof Config];

/** Which hooks an option is or holds. A new option with hooks does not compile until it stands here. */
export const hooksOfClientOption: Readonly<Record<HookOption<ClientConfig>, readonly HookName[]>> = {
  clock: ['clock'],
  // It owes nothing: it is told, as a sink is.
  keyLog: [],
  random: ['random'],
  isPublicSuffix: ['isPublicSuffix'],
  revocation: ['revocation.lists'],
  verifyPeer: ['verifyPeer'],
  selectIdentity: ['selectIdentity'],
  // A server is not asked for what it staples to a certificate.
  identity: ['signer.sign'],
  certificateCompressors: ['certificateCompressor.decompress'],
  sessionStore: ['sessionStore.put', 'sessionStore.take'],
};
export const hooksOfServerOption: Readonly<Record<HookOption<ServerConfig>, readonly HookName[]>> = {
  clock: ['clock'],
  // It owes nothing: it is told, as a sink is.
  keyLog: [],
  random: ['random'],
  isPublicSuffix: [],
  revocation: ['revocation.lists'],
  verifyPeer: ['verifyPeer'],
  selectIdentity: ['selectIdentity'],
  selectContext: ['selectContext'],
  identity: ['signer.sign', 'identity.ocspResponse'],
  certificateCompressors: ['certificateCompressor.compress'],
  sessionStore: ['serverSessionStore.put', 'serverSessionStore.take'],
  ticketKeys: ['ticketKeys.current'],
  replayGuard: ['replayGuard.firstUse'],
};
