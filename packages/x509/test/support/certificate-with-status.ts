import {
  authorityInfoAccess,
  startOcspServer,
  type OcspServer,
  type OcspServerOptions,
  type TestCertificate,
} from '@org/pki';

/** A serial number that was chosen before the certificate was made. */
export interface ChosenSerial {
  readonly bytes: Uint8Array;
  readonly hex: string;
}

export function serial(number: number): ChosenSerial {
  const bytes = Uint8Array.of(0x40, number >> 8, number & 0xff);
  return { bytes, hex: Buffer.from(bytes).toString('hex').toUpperCase() };
}

/** Makes a leaf for `localhost` that names a responder. */
export async function leafOf(
  issuer: TestCertificate,
  responder: string | OcspServer,
  { bytes }: ChosenSerial,
): Promise<TestCertificate> {
  const extension = typeof responder === 'string' ? authorityInfoAccess(responder) : responder.authorityInfoAccess;
  return issuer.issue({ names: ['localhost'], serialNumber: bytes, extensions: [extension] });
}

const servers: OcspServer[] = [];

/** Starts OpenSSL's responder, until `stopResponders` is called. */
export async function responderOf(options: OcspServerOptions): Promise<OcspServer> {
  const server = await startOcspServer(options);
  servers.push(server);
  return server;
}

export async function stopResponders(): Promise<void> {
  await Promise.all(servers.splice(0).map(async (server) => server.stop()));
}
