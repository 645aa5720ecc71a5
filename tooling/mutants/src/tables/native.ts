import { mutantsOf, type Mutant } from '../mutant.ts';

const native = 'packages/tls-conformance/test/native.test.ts';
const verifier = 'packages/tls-native/test/verifier.test.ts';
const trust = 'packages/tls-native/test/trust.test.ts';
const clientHelloInfo = 'packages/tls-native/test/client-hello-info.test.ts';
const earlyDataFault = 'packages/tls-native/test/early-data-fault.test.ts';
const earlyDataSender = 'packages/tls-core/test/early-data-sender.test.ts';
const provider = 'packages/tls-native/test/crypto-provider.test.ts';
const platformResumption = 'packages/tls-native/test/platform-resumption.test.ts';
const wholeRecords = 'packages/tls-native/test/whole-records.test.ts';

/** Checks that the native backend does in TypeScript, around OpenSSL's own. */
export const nativeMutants: readonly Mutant[] = [
  ...mutantsOf('packages/tls-native/src/crypto/signatures.ts', provider, [
    { id: 'native-crypto-rsa-key-out-of-range', find: "'modulus' in info && !isUsableRsaKey(info)", replace: 'false' },
    {
      id: 'native-crypto-signature-by-another-algorithm',
      find: 'assertKeyFitsAlgorithm({ type, spki: publicKeySpki }, algorithm);',
      replace: '',
    },
    { id: 'native-crypto-scalar-out-of-range', find: "type === 'ec' ? 1 : 0", replace: '0' },
  ]),
  ...mutantsOf('packages/tls-native/src/crypto/scratch.ts', 'packages/tls-native/test/crypto-scratch.test.ts', [
    {
      id: 'native-crypto-result-that-stays',
      find: '  const result = new Uint8Array(place);\n  place.fill(0);\n',
      replace: '  const result = new Uint8Array(place);\n',
    },
    {
      id: 'native-crypto-result-that-stays-where-it-was-copied-from',
      find: '  out.set(place);\n  place.fill(0);\n',
      replace: '  out.set(place);\n',
    },
  ]),
  ...mutantsOf('packages/tls-native/src/trust/peer-judge.ts', verifier, [
    { id: 'pins-that-nobody-looks-for', find: 'this.#checkPins?.(path, chain);', replace: '' },
    {
      id: 'verifier-that-is-not-asked',
      find: 'const isAsked = brought !== undefined && !acceptAny;',
      replace: 'const isAsked = false;',
    },
    {
      id: 'native-hook-that-rejects-a-peer',
      find: 'if (verifyPeer === undefined) return undefined;',
      replace: 'return undefined;',
      killedBy: native,
      tests: '^native as client and server hook/verify-peer-rejects',
    },
    {
      id: 'native-hook-that-rejects-a-resumed-peer',
      find: 'if (!this.#config.verifyResumedPeer) return undefined;',
      replace: 'return undefined;',
      killedBy: native,
      tests: '^native as client and server resumption/verify-resumed-rejects',
    },
  ]),
  ...mutantsOf('packages/tls-native/src/trust/pins.ts', verifier, [
    { id: 'native-chain-without-a-pin', find: 'if (!hasPin) throw', replace: 'if (false) throw' },
  ]),
  ...mutantsOf('packages/tls-native/src/context/platform-resumption.ts', platformResumption, [
    {
      id: 'native-sessions-left-to-a-system-that-nobody-asked',
      find: 'if (given === undefined) return { resumesBySystem: false };',
      replace: 'if (given === undefined) return { resumesBySystem: true };',
    },
    {
      id: 'native-sessions-left-to-a-library-that-keeps-none',
      find: "if (name !== 'schannel')",
      replace: 'if (false)',
    },
    {
      id: 'native-resumption-by-an-unknown-word',
      find: "if (given !== 'system' && given !== 'none')",
      replace: 'if (false)',
    },
  ]),
  ...mutantsOf('packages/tls-native/src/trust/trust-store.ts', trust, [
    {
      id: 'trust-in-nobody',
      find: 'if (parts.length === 0) {',
      replace: 'if (false) {',
    },
    {
      id: 'native-system-store-beside-what-a-variable-names',
      find: 'readSystemOverride(readable) ?? [systemStore]',
      replace: '[systemStore, ...(readSystemOverride(readable) ?? [])]',
    },
    {
      id: 'native-system-store-that-the-library-does-not-know',
      find: 'return hasSystemTrust ?',
      replace: 'return true ?',
    },
  ]),
  ...mutantsOf('packages/tls-native/src/context/capabilities.ts', verifier, [
    {
      id: 'native-option-of-a-verifier-that-is-not-asked',
      find: 'verifier?.options ?? row.ofVerifier',
      replace: '[...(verifier?.options ?? []), ...row.ofVerifier]',
    },
  ]),
  ...mutantsOf('packages/tls-native/src/border/client-hello-info.ts', clientHelloInfo, [
    {
      id: 'native-server-name-that-is-no-host-name',
      find: 'serverName(this.#body(ExtensionType.serverName));',
      replace: '',
    },
  ]),
  ...mutantsOf('packages/tls-native/src/engine/early-data-fault.ts', earlyDataFault, [
    {
      id: 'native-tls-1.2-in-answer-to-early-data',
      find: "if (protocol === 'TLSv1.2')",
      replace: 'if (false)',
    },
    {
      id: 'native-early-data-behind-a-hello-retry-request',
      find: "if (helloRetryRequest && earlyData === 'accepted')",
      replace: 'if (false)',
    },
  ]),
  ...mutantsOf('packages/tls-core/src/backend/early-data-sender.ts', earlyDataSender, [
    {
      id: 'more-early-data-than-the-session-allows',
      find: 'const length = Math.min(plaintext.length, this.#left);',
      replace: 'const length = plaintext.length;',
    },
  ]),
  ...mutantsOf('packages/tls-native/src/engine/engine.ts', native, [
    {
      id: 'native-early-data-that-cannot-be-held',
      find: 'return Buffer.from(limit).readUInt32BE() > maxHeldInput;',
      replace: 'return false;',
      tests: '^native as client and server held/early-data',
    },
  ]),
  ...mutantsOf('packages/tls-native/src/engine/whole-records.ts', wholeRecords, [
    {
      id: 'native-record-that-is-longer-than-any',
      find: 'if (length > (type === contentType.applicationData ? maxCiphertext : maxPlaintext)) return undefined;',
      replace: '',
    },
    {
      id: 'native-records-that-are-not-waited-for',
      find: 'if (end + length > input.length) break;',
      replace: 'if (end + length > input.length) return input;',
    },
    {
      id: 'native-handshake-records-without-end',
      find: 'if (input[end] === contentType.handshake) this.#handshakeRecords.note();',
      replace: '',
      killedBy: native,
      tests: '^native as client and server (client|server)-hello/records',
    },
  ]),
  ...mutantsOf('packages/tls-native/src/engine/record-borders.ts', native, [
    {
      id: 'native-peer-that-speaks-no-tls',
      find: 'if (fault !== undefined) throw fault;',
      replace: '',
      tests: '^native as client and server garbage/',
    },
  ]),
];
