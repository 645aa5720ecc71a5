/** Alert descriptions as numbered on the wire (RFC 8446 §6, RFC 5246 §7.2, RFC 6066, RFC 7301, RFC 9849). */
export const AlertDescription = {
  closeNotify: 0,
  unexpectedMessage: 10,
  badRecordMac: 20,
  recordOverflow: 22,
  handshakeFailure: 40,
  badCertificate: 42,
  unsupportedCertificate: 43,
  certificateRevoked: 44,
  certificateExpired: 45,
  certificateUnknown: 46,
  illegalParameter: 47,
  unknownCa: 48,
  accessDenied: 49,
  decodeError: 50,
  decryptError: 51,
  protocolVersion: 70,
  insufficientSecurity: 71,
  internalError: 80,
  inappropriateFallback: 86,
  userCanceled: 90,
  noRenegotiation: 100,
  missingExtension: 109,
  unsupportedExtension: 110,
  unrecognizedName: 112,
  badCertificateStatusResponse: 113,
  unknownPskIdentity: 115,
  certificateRequired: 116,
  noApplicationProtocol: 120,
  echRequired: 121,
} as const;
export type AlertDescription = (typeof AlertDescription)[keyof typeof AlertDescription];

const nameByNumber: ReadonlyMap<number, string> = new Map(
  Object.entries(AlertDescription).map(([name, description]) => [
    description,
    name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  ]),
);

/** The RFC's spelling (`bad_record_mac`), or `alert_N` for a number the RFCs do not name. */
export function alertName(description: number): string {
  return nameByNumber.get(description) ?? `alert_${description}`;
}
