import type { TlsSession } from '@org/tls-core';
import type { NativeSession } from './addon.ts';

/** What of a session OpenSSL does not keep. */
export interface SessionFacts {
  /** Of the rules that it was made under. */
  readonly rules: Uint8Array;
  readonly chain: readonly Uint8Array[];
  readonly path: readonly Uint8Array[];
  readonly signatureScheme: string | undefined;
  readonly clientSignatureScheme: string | undefined;
  readonly clientAuthentication: 'none' | 'requested' | 'provided';
  /** IANA name. */
  readonly cipherSuite: string;
  readonly alpn: string | undefined;
  readonly maxEarlyData: number;
  /** What was stapled. */
  readonly ocspResponse: Uint8Array | undefined;
}

/** A session that can be resumed. */
export interface OpenedSession extends SessionFacts {
  /** OpenSSL's. */
  readonly session: Uint8Array;
  readonly receivedAt: number;
}

const version = 3;

/** A session as the owner of a connection keeps it. */
export function sealSession(
  { state, lifetime, maxEarlyData }: NativeSession,
  facts: SessionFacts,
  about: { readonly protocol: TlsSession['protocol']; readonly serverName: string; readonly now: number },
): TlsSession {
  const { protocol, serverName, now } = about;
  const text = JSON.stringify({
    version,
    ...facts,
    session: encode(state),
    rules: encode(facts.rules),
    chain: facts.chain.map(encode),
    path: facts.path.map(encode),
    ocspResponse: facts.ocspResponse && encode(facts.ocspResponse),
  });
  return Object.freeze({
    backend: 'native',
    protocol,
    serverName,
    receivedAt: now,
    expiresAt: now + 1000 * lifetime,
    maxEarlyData,
    state: new Uint8Array(Buffer.from(text)),
  });
}

/** `undefined`: it is of another backend or version, for another server, over, made under other rules, or damaged. */
export function openSession(
  { backend, serverName, receivedAt, expiresAt, state }: TlsSession,
  wanted: { readonly serverName: string; readonly now: number; readonly rules: Uint8Array },
): OpenedSession | undefined {
  if (backend !== 'native' || serverName !== wanted.serverName || expiresAt <= wanted.now) return undefined;
  const kept = parse(state);
  if (kept?.version !== version || !Array.isArray(kept.chain) || !Array.isArray(kept.path)) return undefined;
  const { signatureScheme, clientSignatureScheme, clientAuthentication = 'none', alpn } = kept;
  const { cipherSuite = '', maxEarlyData = 0 } = kept;
  const rules = decode(kept.rules);
  if (Buffer.compare(rules, wanted.rules) !== 0) return undefined;
  return {
    rules,
    chain: Object.freeze(kept.chain.map(decode)),
    path: Object.freeze(kept.path.map(decode)),
    signatureScheme,
    clientSignatureScheme,
    clientAuthentication,
    cipherSuite,
    alpn,
    maxEarlyData,
    ocspResponse: kept.ocspResponse === undefined ? undefined : decode(kept.ocspResponse),
    receivedAt,
    session: decode(kept.session),
  };
}

type Kept = Partial<
  Omit<SessionFacts, 'rules' | 'chain' | 'path' | 'ocspResponse'> & {
    readonly version: number;
    readonly rules: string;
    readonly chain: readonly string[];
    readonly path: readonly string[];
    readonly session: string;
    readonly ocspResponse: string;
  }
>;

function parse(state: Uint8Array): Kept | undefined {
  try {
    const kept: unknown = JSON.parse(Buffer.from(state).toString());
    return typeof kept === 'object' && kept !== null ? ({ __proto__: null, ...kept } as Kept) : undefined;
  } catch {
    return undefined;
  }
}

function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function decode(text: unknown): Uint8Array {
  return new Uint8Array(Buffer.from(String(text), 'base64'));
}
