import { newCredential, newTestConfig, type Credential, type TestConfig } from './test-config.ts';
import { Unimplemented } from './unimplemented.ts';

/** Applies one flag; takes its value from `next` when it has one. */
type Flag = (config: TestConfig, next: () => string) => void;

type KeysOf<T> = { [Key in keyof TestConfig]: TestConfig[Key] extends T ? Key : never }[keyof TestConfig];

function on(key: KeysOf<boolean>): Flag {
  return (config) => {
    (config as unknown as Record<string, boolean>)[key] = true;
  };
}

/** Makes a flag whose value is read by `parse` and set as it is. */
function value<Key extends keyof TestConfig>(key: Key, parse: (text: string) => TestConfig[Key]): Flag {
  return (config, next) => {
    config[key] = parse(next());
  };
}

function push<Item>(list: (config: TestConfig) => Item[], parse: (text: string) => Item): Flag {
  return (config, next) => {
    list(config).push(parse(next()));
  };
}

/** Makes a flag of the credential that was begun last, or of the default one. */
function credential(set: (credential: Credential, next: () => string) => void): Flag {
  return (config, next) => set(config.credentials.at(-1) ?? config.defaultCredential, next);
}

function begin(type: Credential['type']): Flag {
  return (config) => {
    config.credentials.push(newCredential(type));
  };
}

const base64 = (text: string): Buffer => Buffer.from(text, 'base64');
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const text = (given: string): string => given;
const ignored: Flag = () => undefined;

/** BoringSSL's flags (in its test_config.cc), as far as we support them. */
const flags: Readonly<Record<string, Flag>> = {
  port: value('port', Number),
  ipv6: on('ipv6'),
  'shim-id': value('shimId', BigInt),
  server: on('isServer'),
  async: on('isAsync'),
  'resume-count': value('resumeCount', Number),
  'trust-cert': (_config, next) => void next(), // the runner's certificates are not judged, because it tests TLS
  'min-version': value('minVersion', Number),
  'max-version': value('maxVersion', Number),
  'no-tls13': on('noTls13'),
  'no-tls12': on('noTls12'),
  'no-tls11': ignored,
  'no-tls1': ignored,
  cipher: value('cipher', text),
  curves: push(({ curves }) => curves, Number),
  'key-shares': (config, next) => {
    config.keyShares = [...(config.keyShares ?? []), Number(next())];
  },
  'verify-prefs': push(({ verifyPrefs }) => verifyPrefs, Number),
  'host-name': value('hostName', text),
  'advertise-alpn': value('advertiseAlpn', latin1),
  'select-alpn': value('selectAlpn', text),
  'decline-alpn': ignored,
  'reject-alpn': on('rejectAlpn'),
  'fallback-scsv': on('fallbackScsv'),
  'enable-grease': on('enableGrease'),
  'permute-extensions': on('permuteExtensions'),
  'enable-ocsp-stapling': on('enableOcspStapling'),
  'enable-signed-cert-timestamps': on('enableScts'),
  'install-cert-compression-algs': on('certCompression'),
  'install-one-cert-compression-alg': value('oneCertCompressionAlgorithm', Number),
  'max-send-fragment': value('maxSendFragment', Number),
  'use-client-ca-list': value('clientCaList', text),

  'new-x509-credential': begin('x509'),
  'new-rpk-credential': begin('rpk'),
  'new-psk-credential': begin('psk'),
  'cert-file': credential((each, next) => {
    each.certFile = next();
  }),
  'key-file': credential((each, next) => {
    each.keyFile = next();
  }),
  'signing-prefs': credential((each, next) => {
    each.signingPrefs.push(Number(next()));
  }),
  'ocsp-response': credential((each, next) => {
    each.ocspResponse = base64(next());
  }),
  'signed-cert-timestamps': credential((each, next) => {
    each.scts = base64(next());
  }),
  'must-match-issuer': credential((each) => {
    each.mustMatchIssuer = true;
  }),
  'psk-importer-key': credential((each, next) => {
    each.pskKey = base64(next());
  }),
  'psk-importer-identity': credential((each, next) => {
    each.pskIdentity = base64(next());
  }),
  'psk-importer-context': credential((each, next) => {
    each.pskContext = base64(next());
  }),
  'psk-importer-sha256': credential((each) => {
    each.pskHash = 'sha256';
  }),
  'psk-importer-sha384': credential((each) => {
    each.pskHash = 'sha384';
  }),
  'require-any-client-certificate': on('requireAnyClientCertificate'),
  'verify-peer': on('verifyPeer'),
  'verify-fail': on('verifyFail'),
  'use-custom-verify-callback': on('usesCustomVerify'),
  'use-old-client-cert-callback': ignored,
  'reverify-on-resume': on('reverifyOnResume'),
  'use-ocsp-callback': on('useOcspCallback'),
  'set-ocsp-in-callback': on('setOcspInCallback'),
  'decline-ocsp-callback': on('declineOcspCallback'),
  'fail-ocsp-callback': on('failOcspCallback'),
  'fail-cert-callback': on('failCertCallback'),
  'fail-early-callback': on('failEarlyCallback'),
  'use-early-callback': on('useEarlyCallback'),
  'install-ddos-callback': ignored,
  'fail-ddos-callback': on('failDdosCallback'),
  'accepted-peer-cert-types': push(({ acceptedPeerCertTypes }) => acceptedPeerCertTypes, Number),
  'available-client-cert-types': push(({ availableClientCertTypes }) => availableClientCertTypes, Number),

  'no-ticket': on('noTicket'),
  'ticket-key': value('ticketKey', base64),
  'use-ticket-callback': on('usesTicketCallback'),
  'use-ticket-aead-callback': on('usesTicketCallback'),
  'skip-ticket': on('skipTicket'),
  'enable-early-data': on('enableEarlyData'),
  'resumption-delay': value('resumptionDelay', Number),

  'ech-config-list': value('echConfigList', base64),
  'reject-unusable-ech-config': on('rejectUnusableEchConfig'),
  'ech-server-config': push(({ echServerConfigs }) => echServerConfigs, base64),
  'ech-server-key': push(({ echServerKeys }) => echServerKeys, base64),
  'ech-is-retry-config': push(({ echIsRetryConfig }) => echIsRetryConfig, Number),
  'enable-ech-grease': on('enableEchGrease'),

  'shim-writes-first': on('shimWritesFirst'),
  'shim-initial-write': value('initialWrite', text),
  'repeat-shim-initial-write': value('repeatInitialWrite', Number),
  'shim-shuts-down': on('shimShutsDown'),
  'check-close-notify': on('checkCloseNotify'),
  'key-update': on('keyUpdate'),
  'key-update-before-read': on('keyUpdateBeforeRead'),
  'write-different-record-sizes': on('writeDifferentRecordSizes'),
  'export-keying-material': value('exportKeyingMaterial', Number),
  'export-label': value('exportLabel', text),
  'export-context': value('exportContext', text),
  'use-export-context': on('useExportContext'),
  'export-traffic-secrets': on('exportTrafficSecrets'),
  'send-alert': on('sendAlert'),
  'read-with-unfinished-write': on('readWithUnfinishedWrite'),
  'use-exporter-between-reads': on('exporterBetweenReads'),
  'implicit-handshake': ignored, // all our handshakes are implicit
  'no-op-extra-handshake': ignored,
  'handshake-twice': ignored,
  'read-size': (_config, next) => void next(), // data is read in the pieces in which it comes
  'partial-write': ignored,
  'peek-then-read': ignored, // data has been looked at before it is taken
  'forbid-renegotiation-after-handshake': ignored, // it is forbidden before the handshake too
  'allow-hint-mismatch': ignored, // no process of its own does handshakes, so that there are no hints
  'server-preference': ignored, // our server always follows its own order
  'renew-ticket': ignored, // tls-pure always renews a ticket that was used
  'jdk11-workaround': ignored, // it is never done; tests that need it are disabled for that reason
  'expect-not-resumable-across-names': ignored, // our client resumes a session for its own name only

  'handshake-never-done': on('handshakeNeverDone'),
  'expect-version': value('expectVersion', Number),
  'expect-server-name': value('expectServerName', text),
  'expect-no-server-name': on('expectNoServerName'),
  'expect-alpn': value('expectAlpn', text),
  'expect-advertised-alpn': value('expectAdvertisedAlpn', latin1),
  'expect-cipher': value('expectCipher', Number),
  'expect-cipher-aes': value('expectCipherAes', Number),
  'expect-cipher-no-aes': value('expectCipherNoAes', Number),
  'expect-curve-id': value('expectCurveId', Number),
  'expect-peer-signature-algorithm': value('expectPeerSignatureAlgorithm', Number),
  'expect-peer-verify-pref': push(({ expectPeerVerifyPrefs }) => expectPeerVerifyPrefs, Number),
  'expect-ocsp-response': value('expectOcspResponse', base64),
  'expect-signed-cert-timestamps': value('expectScts', base64),
  'expect-verify-result': on('expectVerifyResult'),
  'expect-hrr': on('expectHrr'),
  'expect-no-hrr': on('expectNoHrr'),
  'expect-session-miss': on('expectSessionMiss'),
  'expect-extended-master-secret': on('expectExtendedMasterSecret'),
  'expect-no-peer-cert': on('expectNoPeerCert'),
  'expect-peer-cert-file': value('expectPeerCertFile', text),
  'expect-ticket-supports-early-data': on('expectTicketSupportsEarlyData'),
  'expect-accept-early-data': on('expectAcceptEarlyData'),
  'expect-reject-early-data': on('expectRejectEarlyData'),
  'expect-no-offer-early-data': on('expectNoOfferEarlyData'),
  'expect-early-data-reason': value('expectEarlyDataReason', text),
  'expect-no-session': on('expectNoSession'),
  'expect-session-id': on('expectSessionId'),
  'expect-no-session-id': on('expectNoSessionId'),
  'expect-ticket-renewal': on('expectTicketRenewal'),
  'expect-selected-credential': value('expectSelectedCredential', Number),
  'expect-client-ca-list': value('expectClientCaList', text),
  'expect-peer-certificate-type': value('expectPeerCertificateType', Number),
  'expect-peer-rpk-sha256': value('expectPeerRpkSha256', base64),
  'expect-ech-accept': on('expectEchAccept'),
  'expect-ech-retry-configs': value('expectEchRetryConfigs', base64),
  'expect-no-ech-retry-configs': on('expectNoEchRetryConfigs'),
  'expect-ech-name-override': value('expectEchNameOverride', text),
  'expect-no-ech-name-override': on('expectNoEchNameOverride'),
};

/** The configurations of a test's first connection, of those that resume, and of a client's second try after rejected early data. */
export interface TestConfigs {
  readonly initial: TestConfig;
  readonly resume: TestConfig;
  readonly retry: TestConfig;
}

const prefixes = ['on-initial-', 'on-resume-', 'on-retry-', 'on-shim-', 'on-handshaker-'] as const;

/** @throws Unimplemented on a flag that is not in the table */
export function parseFlags(args: readonly string[]): TestConfigs {
  const configs = { initial: newTestConfig(), resume: newTestConfig(), retry: newTestConfig() };
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    apply(configs, arg.replace(/^-/, ''), rest);
  }
  return configs;
}

function apply(configs: TestConfigs, arg: string, rest: string[]): void {
  const prefix = prefixes.find((each) => arg.startsWith(each));
  const name = prefix === undefined ? arg : arg.slice(prefix.length);
  if (prefix === 'on-shim-') {
    apply(configs, name, rest);
    return;
  }
  const flag = flags[name];
  if (flag === undefined) throw new Unimplemented(`-${arg}`);
  // Each configuration reads the value again, but it is taken once.
  let taken: string | undefined;
  const next = (): string => {
    taken ??= rest.shift();
    if (taken === undefined) throw new Error(`-${arg}: a value is missing`);
    return taken;
  };
  for (const config of targets(configs, prefix)) flag(config, next);
}

function targets({ initial, resume, retry }: TestConfigs, prefix: string | undefined): readonly TestConfig[] {
  if (prefix === 'on-initial-') return [initial];
  if (prefix === 'on-resume-') return [resume];
  // What a separate process for handshakes is told does not concern us.
  if (prefix === 'on-handshaker-') return [newTestConfig()];
  return prefix === 'on-retry-' ? [retry] : [initial, resume, retry];
}
