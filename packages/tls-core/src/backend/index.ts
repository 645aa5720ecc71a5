export { decodeAlpnProtocol, encodeAlpnProtocol } from '../alpn.ts';
export { interfaceVersion } from '../backend.ts';
export { asciiBytes, binaryString, concatBytes, copyBytes, equalBytes, equalSecret, hex } from './bytes.ts';
export { ByteStringList, checkByteStrings } from './byte-string-list.ts';
export {
  certificateError,
  certificateFaults,
  isMoreTelling,
  otherNameText,
  type CertificateFault,
} from '../certificate-fault.ts';
export { featuresAmong } from '../capabilities.ts';
export { checkClientConfig, clientDefaults, clientOptions, type CheckedClientConfig } from '../client-config.ts';
export { checkClientEngineOptions } from '../client-engine-options.ts';
export type { CheckedBackend } from '../check-config.ts';
export type { CheckedConfig } from '../common-config.ts';
export { checkDescribedEntries, describedNumbers, maxDescribedEntries } from './described-entries.ts';
export { EarlyDataSender, type EarlyDataTerms } from './early-data-sender.ts';
export { GuardedEngine } from './guarded-engine.ts';
export { maxHeldInput } from '../engine.ts';
export { ExternalPskDigests } from './external-psk-digests.ts';
export { HandshakeRecords, maxHandshakeRecords } from './handshake-records.ts';
export { HeldInput } from './held-input.ts';
export { answerOf, askHook, askHookNow, askVerifyPeerHook, hookError, hookNames } from '../hook-answer.ts';
export type { HookAnswers, HookName, SynchronousHookName } from '../hook-answer.ts';
export { formatIpAddress, isIpAddress, parseIpAddress } from '../ip-address.ts';
export { checkExport, checkExtendedMainSecret } from './keying-material.ts';
export { andThen, isPromiseLike, settle } from '../maybe-promise.ts';
export { hookPatience, OptionalHooks, type OptionalHookName } from './optional-hooks.ts';
export { badValue, wrongType } from '../option-error.ts';
export { bytes, callback, integer, listOf, methods } from '../option-rule.ts';
export { bareCopy, optionNames, ownFields, ownOptions, propertyOf } from '../own-options.ts';
export {
  certificatesInPem,
  decodeBase64,
  decodePem,
  decryptHint,
  kindOfText,
  looksLikePem,
  privateKeyInPem,
  type PemBlock,
} from '../pem.ts';
export { certificatesOfChain, pemOrDer, textIn } from '../pem-or-der.ts';
export { peerVerifierOptions } from '../peer-verifier.ts';
export { decodePinDigest, isPinned, readPins, type PinDigests } from '../pin.ts';
export { decodeAll, decodeError, Reader } from './reader.ts';
export { faultOfFirstRecord, isContentType } from './record-start.ts';
export { revocationDefaults } from '../revocation.ts';
export { checkServerConfig, serverDefaults, serverOptions, type CheckedServerConfig } from '../server-config.ts';
export { checkServerName, isDnsName, readServerName } from '../server-name.ts';
export {
  cipherSuiteNumbers,
  namedGroupNumbers,
  nameOf,
  numberOf,
  registered,
  signatureSchemeNumbers,
  type Registry,
} from './registry.ts';
export { currentSessionBinding, sessionBinding } from './session-binding.ts';
export { withChecksum, withoutChecksum } from './session-checksum.ts';
export { maxSessionsPerConnection, maxSessionState, readSession } from '../session.ts';
export { checkTimeout } from '../socket-options.ts';
export { TicketKeyRing } from './ticket-key-ring.ts';
export { isUtf8 } from '../utf8.ts';
export { Writer } from './writer.ts';
