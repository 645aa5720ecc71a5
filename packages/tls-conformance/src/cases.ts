import type { ConformanceCase } from './conformance-case.ts';
import { alpnCases } from './cases/alpn.ts';
import { certificateCases } from './cases/certificates.ts';
import { certificateOptionCases } from './cases/certificate-options.ts';
import { certificateMatrixCases } from './cases/certificate-matrix.ts';
import { clientHelloCases } from './cases/client-hellos.ts';
import { clientAuthenticationCases } from './cases/client-authentication.ts';
import { dataCases } from './cases/data.ts';
import { earlyDataCases } from './cases/early-data.ts';
import { failureCases } from './cases/failures.ts';
import { firstRecordCases } from './cases/first-record.ts';
import { forgedRecordCases } from './cases/forged-records.ts';
import { halfMessageCases } from './cases/half-messages.ts';
import { handshakeCases } from './cases/handshake.ts';
import { hookOutageCases } from './cases/hook-outages.ts';
import { hookCases } from './cases/hooks.ts';
import { lentMemoryCases } from './cases/lent-memory.ts';
import { longListCases } from './cases/long-lists.ts';
import { mutatedRecordCases } from './cases/mutated-records.ts';
import { misbehavingClientCases } from './cases/misbehaving-client.ts';
import { misbehavingClient12Cases } from './cases/misbehaving-client-1.2.ts';
import { misbehavingServer12Cases } from './cases/misbehaving-server-1.2.ts';
import { misbehavingEarlyDataCases } from './cases/misbehaving-early-data.ts';
import { misbehavingServerOptionCases } from './cases/misbehaving-server-options.ts';
import { misbehavingServerCases } from './cases/misbehaving-server.ts';
import { cancelledCases } from './cases/cancelled.ts';
import { heldInputCases } from './cases/held-input.ts';
import { hookActCases } from './cases/hooks-that-act.ts';
import { throwingSinkCases } from './cases/sinks-that-throw.ts';
import { insideEventCases } from './cases/inside-events.ts';
import { hookMatrixCases } from './cases/hook-matrix.ts';
import { optionCases } from './cases/options.ts';
import { ownOptionCases } from './cases/own-options.ts';
import { resumptionCases } from './cases/resumption.ts';
import { certificateCompressionCases } from './cases/certificate-compression.ts';
import { rawPublicKeyCases } from './cases/raw-public-keys.ts';
import { pinCases } from './cases/pins.ts';
import { provenChainCases } from './cases/proven-chains.ts';
import { changingRevocationCases } from './cases/changing-revocation.ts';
import { revocationCases } from './cases/revocation.ts';
import { stapledCases } from './cases/stapled.ts';
import { recordRunCases } from './cases/record-runs.ts';
import { recordSizeCases } from './cases/record-size.ts';
import { externalPskCases } from './cases/external-psk.ts';
import { keyShareCases } from './cases/key-shares.ts';
import { asyncHookCases } from './cases/async-hooks.ts';
import { rsaWithoutParametersCases } from './cases/rsa-without-parameters.ts';
import { selectContextCases } from './cases/select-context.ts';
import { signerCases } from './cases/signers.ts';
import { renegotiationInfoCases } from './cases/renegotiation-info.ts';
import { reservedValueCases } from './cases/reserved-values.ts';
import { tls12Cases } from './cases/tls-1.2.ts';
import { tls12SignatureCases } from './cases/tls-1.2-signatures.ts';
import { encryptedClientHelloCases } from './cases/encrypted-client-hello.ts';
import { sessionBindingCases } from './cases/session-binding.ts';
import { sessionStoreCases } from './cases/session-stores.ts';

/** The cases of the kit that need no I/O: engines over a wire in memory. They run wherever the backend does. */
export const cases: readonly ConformanceCase[] = [
  ...handshakeCases,
  ...alpnCases,
  ...certificateCases,
  ...certificateMatrixCases,
  ...certificateOptionCases,
  ...dataCases,
  ...failureCases,
  ...firstRecordCases,
  ...forgedRecordCases,
  ...recordRunCases,
  ...lentMemoryCases,
  ...halfMessageCases,
  ...mutatedRecordCases,
  ...clientHelloCases,
  ...misbehavingServerCases,
  ...misbehavingServerOptionCases,
  ...misbehavingClientCases,
  ...misbehavingEarlyDataCases,
  ...reservedValueCases,
  ...misbehavingServer12Cases,
  ...misbehavingClient12Cases,
  ...insideEventCases,
  ...throwingSinkCases,
  ...hookActCases,
  ...heldInputCases,
  ...cancelledCases,
  ...hookCases,
  ...longListCases,
  ...hookMatrixCases,
  ...optionCases,
  ...ownOptionCases,
  ...resumptionCases,
  ...sessionBindingCases,
  ...sessionStoreCases,
  ...earlyDataCases,
  ...clientAuthenticationCases,
  ...asyncHookCases,
  ...hookOutageCases,
  ...selectContextCases,
  ...signerCases,
  ...tls12Cases,
  ...tls12SignatureCases,
  ...renegotiationInfoCases,
  ...encryptedClientHelloCases,
  ...recordSizeCases,
  ...externalPskCases,
  ...keyShareCases,
  ...certificateCompressionCases,
  ...rawPublicKeyCases,
  ...stapledCases,
  ...revocationCases,
  ...changingRevocationCases,
  ...rsaWithoutParametersCases,
  ...pinCases,
  ...provenChainCases,
];
