/** What one of the runner's tests asks of a shim: those of BoringSSL's flags that we support, under our names. */
export interface TestConfig {
  port: number;
  ipv6: boolean;
  shimId: bigint;
  isServer: boolean;
  isAsync: boolean;
  resumeCount: number;

  minVersion: number;
  maxVersion: number;
  noTls13: boolean;
  noTls12: boolean;
  cipher: string | undefined;
  curves: number[];
  keyShares: number[] | undefined;
  verifyPrefs: number[];
  hostName: string | undefined;
  advertiseAlpn: Buffer | undefined;
  selectAlpn: string | undefined;
  rejectAlpn: boolean;
  fallbackScsv: boolean;
  enableGrease: boolean;
  permuteExtensions: boolean;
  enableOcspStapling: boolean;
  enableScts: boolean;
  certCompression: boolean;
  oneCertCompressionAlgorithm: number;
  maxSendFragment: number;
  clientCaList: string | undefined;

  defaultCredential: Credential;
  credentials: Credential[];
  requireAnyClientCertificate: boolean;
  verifyPeer: boolean;
  verifyFail: boolean;
  usesCustomVerify: boolean;
  reverifyOnResume: boolean;
  useOcspCallback: boolean;
  setOcspInCallback: boolean;
  declineOcspCallback: boolean;
  failOcspCallback: boolean;
  failCertCallback: boolean;
  failEarlyCallback: boolean;
  failDdosCallback: boolean;
  useEarlyCallback: boolean;
  acceptedPeerCertTypes: number[];
  availableClientCertTypes: number[];

  noTicket: boolean;
  ticketKey: Buffer | undefined;
  usesTicketCallback: boolean;
  skipTicket: boolean;
  enableEarlyData: boolean;
  resumptionDelay: number;

  echConfigList: Buffer | undefined;
  rejectUnusableEchConfig: boolean;
  echServerConfigs: Buffer[];
  echServerKeys: Buffer[];
  echIsRetryConfig: number[];
  enableEchGrease: boolean;

  shimWritesFirst: boolean;
  /** Whether rejected early data is sent again. */
  writesAgain: boolean;
  initialWrite: string;
  repeatInitialWrite: number;
  shimShutsDown: boolean;
  checkCloseNotify: boolean;
  keyUpdate: boolean;
  keyUpdateBeforeRead: boolean;
  writeDifferentRecordSizes: boolean;
  exportKeyingMaterial: number;
  exportLabel: string;
  exportContext: string;
  useExportContext: boolean;
  exporterBetweenReads: boolean;
  exportTrafficSecrets: boolean;
  sendAlert: boolean;
  readWithUnfinishedWrite: boolean;

  handshakeNeverDone: boolean;
  expectVersion: number;
  expectServerName: string | undefined;
  expectNoServerName: boolean;
  expectAlpn: string | undefined;
  expectAdvertisedAlpn: Buffer | undefined;
  expectCipher: number;
  expectCipherAes: number;
  expectCipherNoAes: number;
  expectCurveId: number;
  expectPeerSignatureAlgorithm: number;
  expectPeerVerifyPrefs: number[];
  expectOcspResponse: Buffer | undefined;
  expectScts: Buffer | undefined;
  expectVerifyResult: boolean;
  expectHrr: boolean;
  expectNoHrr: boolean;
  expectSessionMiss: boolean;
  expectExtendedMasterSecret: boolean;
  expectNoPeerCert: boolean;
  expectPeerCertFile: string | undefined;
  expectTicketSupportsEarlyData: boolean;
  expectAcceptEarlyData: boolean;
  expectRejectEarlyData: boolean;
  expectNoOfferEarlyData: boolean;
  expectEarlyDataReason: string | undefined;
  expectNoSession: boolean;
  expectSessionId: boolean;
  expectNoSessionId: boolean;
  expectTicketRenewal: boolean;
  expectSelectedCredential: number | undefined;
  expectClientCaList: string | undefined;
  expectPeerCertificateType: number | undefined;
  expectPeerRpkSha256: Buffer | undefined;
  expectEchAccept: boolean;
  expectEchRetryConfigs: Buffer | undefined;
  expectNoEchRetryConfigs: boolean;
  expectEchNameOverride: string | undefined;
  expectNoEchNameOverride: boolean;
}

export interface Credential {
  type: 'x509' | 'rpk' | 'psk';
  certFile: string | undefined;
  keyFile: string | undefined;
  signingPrefs: number[];
  ocspResponse: Buffer | undefined;
  scts: Buffer | undefined;
  mustMatchIssuer: boolean;
  pskKey: Buffer;
  pskIdentity: Buffer;
  pskContext: Buffer;
  pskHash: 'sha256' | 'sha384';
}

export function newCredential(type: Credential['type']): Credential {
  const empty = Buffer.alloc(0);
  return {
    type,
    certFile: undefined,
    keyFile: undefined,
    signingPrefs: [],
    ocspResponse: undefined,
    scts: undefined,
    mustMatchIssuer: false,
    pskKey: empty,
    pskIdentity: empty,
    pskContext: empty,
    pskHash: 'sha256',
  };
}

export function newTestConfig(): TestConfig {
  return {
    port: 0,
    ipv6: false,
    shimId: 0n,
    isServer: false,
    isAsync: false,
    resumeCount: 0,
    minVersion: 0,
    maxVersion: 0,
    noTls13: false,
    noTls12: false,
    cipher: undefined,
    curves: [],
    keyShares: undefined,
    verifyPrefs: [],
    hostName: undefined,
    advertiseAlpn: undefined,
    selectAlpn: undefined,
    rejectAlpn: false,
    fallbackScsv: false,
    enableGrease: false,
    permuteExtensions: false,
    enableOcspStapling: false,
    enableScts: false,
    certCompression: false,
    oneCertCompressionAlgorithm: 0,
    maxSendFragment: 0,
    clientCaList: undefined,
    defaultCredential: newCredential('x509'),
    credentials: [],
    requireAnyClientCertificate: false,
    verifyPeer: false,
    verifyFail: false,
    usesCustomVerify: false,
    reverifyOnResume: false,
    useOcspCallback: false,
    setOcspInCallback: false,
    declineOcspCallback: false,
    failOcspCallback: false,
    failCertCallback: false,
    failEarlyCallback: false,
    failDdosCallback: false,
    useEarlyCallback: false,
    acceptedPeerCertTypes: [],
    availableClientCertTypes: [],
    noTicket: false,
    ticketKey: undefined,
    usesTicketCallback: false,
    skipTicket: false,
    enableEarlyData: false,
    resumptionDelay: 0,
    echConfigList: undefined,
    rejectUnusableEchConfig: false,
    echServerConfigs: [],
    echServerKeys: [],
    echIsRetryConfig: [],
    enableEchGrease: false,
    shimWritesFirst: false,
    writesAgain: false,
    initialWrite: 'hello',
    repeatInitialWrite: 1,
    shimShutsDown: false,
    checkCloseNotify: false,
    keyUpdate: false,
    keyUpdateBeforeRead: false,
    writeDifferentRecordSizes: false,
    exportKeyingMaterial: 0,
    exportLabel: '',
    exportContext: '',
    useExportContext: false,
    exporterBetweenReads: false,
    exportTrafficSecrets: false,
    sendAlert: false,
    readWithUnfinishedWrite: false,
    handshakeNeverDone: false,
    expectVersion: 0,
    expectServerName: undefined,
    expectNoServerName: false,
    expectAlpn: undefined,
    expectAdvertisedAlpn: undefined,
    expectCipher: 0,
    expectCipherAes: 0,
    expectCipherNoAes: 0,
    expectCurveId: 0,
    expectPeerSignatureAlgorithm: 0,
    expectPeerVerifyPrefs: [],
    expectOcspResponse: undefined,
    expectScts: undefined,
    expectVerifyResult: false,
    expectHrr: false,
    expectNoHrr: false,
    expectSessionMiss: false,
    expectExtendedMasterSecret: false,
    expectNoPeerCert: false,
    expectPeerCertFile: undefined,
    expectTicketSupportsEarlyData: false,
    expectAcceptEarlyData: false,
    expectRejectEarlyData: false,
    expectNoOfferEarlyData: false,
    expectEarlyDataReason: undefined,
    expectNoSession: false,
    expectSessionId: false,
    expectNoSessionId: false,
    expectTicketRenewal: false,
    expectSelectedCredential: undefined,
    expectClientCaList: undefined,
    expectPeerCertificateType: undefined,
    expectPeerRpkSha256: undefined,
    expectEchAccept: false,
    expectEchRetryConfigs: undefined,
    expectNoEchRetryConfigs: false,
    expectEchNameOverride: undefined,
    expectNoEchNameOverride: false,
  };
}
