import type { ClientConfig, ClientEngineOptions, Identity, ProtocolVersion, ServerConfig } from '@org/tls-core';
import { brotliCompressor, zlibCompressor } from '@org/tls-pure/compression/node';
import { real, realText } from '../inputs/corpus.ts';

/** What a client and a server agree on, if neither misbehaves. */
export interface Scenario {
  readonly name: string;
  readonly versions: readonly ProtocolVersion[];
  readonly client: ClientConfig;
  readonly server: Partial<ServerConfig>;
  readonly engine?: Omit<ClientEngineOptions, 'serverName'>;
  /** Whether an honest connection comes first, whose session is resumed. */
  readonly resumes?: boolean;
  /** Whether the server's sink takes early data. */
  readonly takesEarlyData?: boolean;
}

const both: readonly ProtocolVersion[] = ['TLSv1.2', 'TLSv1.3'];
const only13: readonly ProtocolVersion[] = ['TLSv1.3'];
const trust = real('certificate root');
const groups = ['x25519', 'secp256r1'] as const;
const compressors = [zlibCompressor, brotliCompressor];

export const scenarios: readonly Scenario[] = [
  scenario('plain', both, {}, {}),
  scenario('all defaults', both, { groups: undefined }, { groups: undefined }),
  scenario('RSA', both, {}, { identity: identityOf('rsa') }),
  scenario('ALPN', both, { alpnProtocols: ['h2', 'http/1.1'] }, { alpnProtocols: ['http/1.1'] }),
  scenario(
    'client certificate',
    both,
    { identity: identityOf('p256') },
    { clientAuthentication: 'require', clientTrust: trust },
  ),
  scenario('no client certificate', both, {}, { clientAuthentication: 'request', clientTrust: trust }),
  { ...scenario('resumption', both, {}, {}), resumes: true },
  {
    ...scenario('early data', only13, {}, { maxEarlyData: 1000 }),
    resumes: true,
    engine: { earlyData: true },
    takesEarlyData: true,
  },
  { ...scenario('early data, held', only13, {}, { maxEarlyData: 1000 }), resumes: true, engine: { earlyData: true } },
  scenario('external key', only13, { externalPsks: [psk()] }, { externalPsks: [psk()], identity: undefined }),
  scenario('retry', only13, { groups: ['secp256r1', 'x25519'], keyShares: ['secp256r1'] }, { groups: ['x25519'] }),
  scenario(
    'retry with a cookie',
    only13,
    { groups: ['secp256r1', 'x25519'], keyShares: ['secp256r1'] },
    { groups: ['x25519'], retryCookie: true },
  ),
  scenario(
    'compressed certificates',
    only13,
    { certificateCompressors: compressors, identity: identityOf('p256') },
    { certificateCompressors: compressors, clientAuthentication: 'require', clientTrust: trust },
  ),
  scenario(
    'small records',
    both,
    { recordSizeLimit: 64, maxFragmentLength: 100 },
    { recordSizeLimit: 64, maxFragmentLength: 64 },
  ),
  scenario('padding', only13, { recordPadding: 512 }, { recordPadding: 1024 }),
  scenario(
    'raw public keys',
    only13,
    { peerCertificateTypes: ['RawPublicKey'], trustedPublicKeys: [real('spki p256')] },
    { identity: rawKey() },
  ),
  {
    ...scenario(
      'Encrypted Client Hello',
      only13,
      {},
      { echKeys: [{ config: real('ech config'), privateKey: real('ech key') }] },
    ),
    engine: { echConfigList: real('ech list') },
  },
  scenario(
    'ECH by GREASE',
    only13,
    { echGrease: true },
    { echKeys: [{ config: real('ech config'), privateKey: real('ech key') }] },
  ),
  scenario(
    'staple and timestamps',
    both,
    { requestCertificateTimestamps: true },
    {
      identity: {
        ...identityOf('leaf'),
        ocspResponse: real('ocsp good'),
        signedCertificateTimestamps: real('timestamps'),
      },
    },
  ),
  scenario(
    'hooks that are late',
    both,
    { verifyPeer: later, identity: identityOf('p256') },
    {
      identity: undefined,
      selectIdentity: async () => Promise.resolve(identityOf('p256')),
      clientAuthentication: 'request',
      clientTrust: trust,
      verifyPeer: later,
    },
  ),
  scenario('signer that is late', both, {}, { identity: undefined, selectIdentity: () => identityOf('ed') }),
];

function scenario(
  name: string,
  versions: readonly ProtocolVersion[],
  client: Overriding<ClientConfig>,
  server: Overriding<ServerConfig>,
): Scenario {
  return {
    name,
    versions,
    client: defined({ trust, groups, ...client }),
    server: defined({ identity: identityOf('p256'), groups, ...server }),
  };
}

/** A configuration in which `undefined` removes an option. */
type Overriding<Config> = { readonly [Option in keyof Config]?: Config[Option] | undefined };

type Defined<Options> = { readonly [Name in keyof Options]: Exclude<Options[Name], undefined> };

function defined<Options extends object>(options: Options): Defined<Options> {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Defined<Options>;
}

function identityOf(
  name: string,
): Extract<Identity, { readonly privateKey: string | Uint8Array; readonly certificateChain: unknown }> {
  return { certificateChain: realText(`chain ${name}`), privateKey: real(`key ${name}`) };
}

function rawKey(): Identity {
  return { rawPublicKey: real('spki p256'), privateKey: real('key p256') };
}

function psk(): { readonly identity: Uint8Array; readonly key: Uint8Array } {
  return { identity: Uint8Array.from(Buffer.from('somebody')), key: new Uint8Array(32).fill(5) };
}

async function later(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
