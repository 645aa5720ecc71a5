import { TlsError, type ClientConfig, type TlsBackend, type TlsClientContext } from '@org/tls-core';
import { checkClientConfig, checkClientEngineOptions } from '@org/tls-core/backend';
import type { CryptoProvider } from '@org/tls-crypto';
import { parseReferenceName } from '@org/x509';
import { clientHandshake } from './client/client-handshake.ts';
import { clientSettings } from './client/client-settings.ts';
import type { EncryptedHellos } from './client/encrypted-hellos.ts';
import { PureEngine } from './engine.ts';
import { bindingOf, checkCommon, identityLoader } from './handshake/context-parts.ts';
import { peerTrust } from './handshake/peer-trust.ts';
import { commonSettings, type HandshakeOverrides } from './handshake/settings.ts';

/** What a client is put together of. */
export interface ClientParts {
  readonly backend: TlsBackend;
  readonly crypto: CryptoProvider;
  /** `undefined`: the client has no Encrypted Client Hello, and the backend's capabilities say so. */
  readonly encryptedHellos: EncryptedHellos | undefined;
}

/** @param overrides only for tests */
export function makeClientContext(
  { backend, crypto, encryptedHellos }: ClientParts,
  given: ClientConfig,
  overrides?: HandshakeOverrides,
): TlsClientContext {
  const config = checkClientConfig(given, backend);
  checkCommon(config);
  const trust = peerTrust(crypto, config, {
    role: 'client',
    trust: config.trust,
    acceptsAny: config.dangerous?.acceptAnyCertificate ?? false,
    asksForStaple: config.ocspStapling,
  });
  const identities = identityLoader(crypto, config.identity);
  const currentSessionBinding = bindingOf(crypto, { role: 'client', config });
  const settings = clientSettings(
    commonSettings(backend.name, crypto, config, { trust, currentSessionBinding, ...identities }, overrides),
    config,
    encryptedHellos,
  );
  return Object.freeze({
    role: 'client',
    backend,
    createEngine: (engineOptions, sink) => {
      const options = checkClientEngineOptions(engineOptions);
      // our verifier takes fewer names than may be sent: a name that it cannot prove is refused before it is sent
      if (trust.judgeChain !== undefined && !trust.acceptsAny) parseReferenceName(options.serverName);
      if (encryptedHellos === undefined) refuseEch(options);
      const { sessionStore = settings.sessionStore } = options;
      const own = { ...settings, sessionStore };
      const startEncrypted = encryptedHellos?.choose(own, options);
      return new PureEngine(
        { role: 'client', settings: own, handshake: (io) => clientHandshake(io, own, options, startEncrypted) },
        sink,
      );
    },
  } satisfies TlsClientContext);
}

/** @throws TlsError `ERR_TLS_UNSUPPORTED` on an option of Encrypted Client Hello */
function refuseEch({ echConfigList, unusableEchConfigs }: ReturnType<typeof checkClientEngineOptions>): void {
  if (echConfigList === undefined && unusableEchConfigs === undefined) return;
  const option = echConfigList === undefined ? 'unusableEchConfigs' : 'echConfigList';
  const message = `${option}: this client has no Encrypted Client Hello; createBackend() of @org/tls-pure has`;
  throw new TlsError('ERR_TLS_UNSUPPORTED', message, { option });
}
