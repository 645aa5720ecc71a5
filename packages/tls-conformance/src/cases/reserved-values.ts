import { ExtensionType, misbehavingBackend, type HandshakeOverrides } from '@org/tls-pure/misbehaving';
import type { ConformanceCase, Roles } from '../conformance-case.ts';
import { expectOpen, only } from '../connections.ts';
import { MemoryPair } from '../memory-pair.ts';
import {
  also,
  editBody,
  editExtensions,
  editMessage,
  instead,
  overridesOf,
  patched,
  cipherSuiteAt,
  withCertificateExtension,
  type EditedMessage,
  type MessageEdit,
} from '../message-edits.ts';
import { expectRefused, expectTold } from '../misbehaviour.ts';
import { refusals, type Refusal } from '../refusals.ts';

/** The reserved values (RFC 8701 §2) in a ClientHello. */
interface Reserved {
  readonly extensions: readonly number[];
  readonly cipherSuite: number;
  readonly group: number;
  readonly scheme: number;
  readonly version: number;
}

interface Row {
  readonly id: string;
  /** The message in which the value comes back. */
  readonly where: string;
  readonly protocol: 'TLSv1.2' | 'TLSv1.3';
  readonly refused: Refusal;
  /** Whether the server asks for another share. */
  readonly retries?: true;
  /** Makes the edit that sends a value back. @param index which of the two reserved extensions to take */
  readonly echo: (reserved: Reserved, index: number) => MessageEdit;
}

const { unsupportedExtension, illegalParameter } = refusals;

const extensionIn =
  (of: EditedMessage): Row['echo'] =>
  ({ extensions }, index) =>
    editExtensions(of, also(extensions[index] ?? 0));
const suiteIn =
  (of: EditedMessage): Row['echo'] =>
  ({ cipherSuite }) =>
    editMessage(of, (message) => patched(message, cipherSuiteAt(message), ...uint16(cipherSuite)));

const extensions: readonly Row[] = [
  ...(['TLSv1.3', 'TLSv1.2'] as const).map((protocol): Row => ({
    id: `server-hello-extension-${protocol.slice(4)}`,
    where: 'an extension of ServerHello',
    protocol,
    echo: extensionIn('ServerHello'),
    refused: unsupportedExtension,
  })),
  {
    id: 'retry-extension',
    where: 'an extension of HelloRetryRequest',
    protocol: 'TLSv1.3',
    retries: true,
    echo: extensionIn('HelloRetryRequest'),
    refused: unsupportedExtension,
  },
  {
    id: 'encrypted-extension',
    where: 'an extension of EncryptedExtensions',
    protocol: 'TLSv1.3',
    echo: extensionIn('EncryptedExtensions'),
    refused: unsupportedExtension,
  },
  {
    id: 'certificate-extension',
    where: 'an extension of Certificate',
    protocol: 'TLSv1.3',
    echo: (reserved, index) =>
      editBody('Certificate', (body) => withCertificateExtension(body, reserved.extensions[index] ?? 0)),
    refused: unsupportedExtension,
  },
];

const choices: readonly Row[] = [
  ...(['TLSv1.3', 'TLSv1.2'] as const).map((protocol): Row => ({
    id: `cipher-suite-${protocol.slice(4)}`,
    where: 'the cipher suite',
    protocol,
    echo: suiteIn('ServerHello'),
    refused: illegalParameter,
  })),
  {
    id: 'retry-cipher-suite',
    where: 'the cipher suite of HelloRetryRequest',
    protocol: 'TLSv1.3',
    retries: true,
    echo: suiteIn('HelloRetryRequest'),
    refused: illegalParameter,
  },
  {
    id: 'version',
    where: 'the version',
    protocol: 'TLSv1.3',
    echo: ({ version }) => editExtensions('ServerHello', instead(ExtensionType.supportedVersions, ...uint16(version))),
    refused: illegalParameter,
  },
  {
    id: 'share-group',
    where: 'the group of the key share',
    protocol: 'TLSv1.3',
    echo: ({ group }) => editExtensions('ServerHello', instead(ExtensionType.keyShare, ...uint16(group), 0, 1, 0)),
    refused: illegalParameter,
  },
  {
    id: 'retry-group',
    where: 'the group of HelloRetryRequest',
    protocol: 'TLSv1.3',
    retries: true,
    echo: ({ group }) => editExtensions('HelloRetryRequest', instead(ExtensionType.keyShare, ...uint16(group))),
    refused: illegalParameter,
  },
  {
    id: 'key-exchange-group',
    where: 'the group of ServerKeyExchange',
    protocol: 'TLSv1.2',
    echo: ({ group }) => editMessage('ServerKeyExchange', (message) => patched(message, 5, ...uint16(group))),
    refused: illegalParameter,
  },
  {
    id: 'certificate-verify-scheme',
    where: 'the scheme of CertificateVerify',
    protocol: 'TLSv1.3',
    echo: ({ scheme }) => editMessage('CertificateVerify', (message) => patched(message, 4, ...uint16(scheme))),
    refused: illegalParameter,
  },
  {
    id: 'key-exchange-scheme',
    where: 'the scheme of ServerKeyExchange',
    protocol: 'TLSv1.2',
    echo: ({ scheme }) =>
      editMessage('ServerKeyExchange', (message) => patched(message, 8 + (message[7] ?? 0), ...uint16(scheme))),
    refused: illegalParameter,
  },
];

/** A server sends back reserved values that the client sent (RFC 8701 §3.1). */
export const reservedValueCases: readonly ConformanceCase[] = [...extensions, ...choices].map(
  (row): ConformanceCase => ({
    id: `reserved-value/${row.id}`,
    title: `RFC 8701 §3.1 a reserved value that comes back as ${row.where} is refused in ${row.protocol}`,
    applies: ({ client: { capabilities } }) =>
      ['grease', 'groups'].every((option) => capabilities.client.options.includes(option)) &&
      capabilities.client.protocols.includes(row.protocol),
    run: async (roles) => {
      expectOpen(await against(roles, row, () => []));
      for (const index of [0, 1]) {
        const pair = await against(roles, row, (reserved) => [row.echo(reserved, index)]);
        expectRefused(pair, 'client', row.refused);
        expectTold(pair, 'client', row.refused);
      }
    },
  }),
);

/** Runs a client that sends reserved values against a server that edits its messages by what it has seen of them. */
async function against(
  roles: Roles,
  { protocol, retries }: Row,
  editsOf: (reserved: Reserved) => readonly MessageEdit[],
): Promise<MemoryPair> {
  let current: HandshakeOverrides = {};
  const server = misbehavingBackend({
    shapeExtensions: (carrier, list) => current.shapeExtensions?.(carrier, list) ?? list,
    shapeMessage: (message) => current.shapeMessage?.(message) ?? [message],
  });
  const pair = new MemoryPair(
    { ...roles, server },
    {
      certificate: 'ecdsa-p256',
      client: { ...only(protocol), grease: true, groups: ['x25519', 'secp256r1'] },
      server: { groups: retries === undefined ? ['x25519'] : ['secp256r1'] },
    },
  );
  let isFirst = true;
  await pair.settle((batch, from) => {
    if (from === 'client' && isFirst) current = overridesOf(editsOf(reservedIn(batch)));
    isFirst = false;
    return [batch];
  });
  return pair;
}

/** Gives the reserved values of the ClientHello that a record holds. */
function reservedIn(record: Uint8Array): Reserved {
  const view = new DataView(record.buffer, record.byteOffset, record.length);
  const suites = cipherSuiteAt(record.subarray(recordHeader)) + recordHeader;
  const compression = suites + 2 + view.getUint16(suites);
  const list = compression + 1 + view.getUint8(compression);
  const found = new Map<number, DataView>();
  for (let at = list + 2; at < record.length; at += 4 + view.getUint16(at + 2)) {
    const body = record.subarray(at + 4, at + 4 + view.getUint16(at + 2));
    found.set(view.getUint16(at), new DataView(body.buffer, body.byteOffset, body.length));
  }
  const inBody = (type: number, offset: number): number => reservedNumbers(found.get(type), offset)[0] ?? 0;
  return {
    extensions: [...found.keys()].filter((type) => isReserved(type)),
    cipherSuite:
      reservedNumbers(new DataView(record.buffer, record.byteOffset + suites, compression - suites), 2)[0] ?? 0,
    group: inBody(ExtensionType.supportedGroups, 2),
    scheme: inBody(ExtensionType.signatureAlgorithms, 2),
    version: inBody(ExtensionType.supportedVersions, 1),
  };
}

/** Gives the reserved values in a list of 16-bit numbers that begins at the offset. */
function reservedNumbers(list: DataView | undefined, offset: number): readonly number[] {
  const numbers: number[] = [];
  for (let at = offset; list !== undefined && at + 1 < list.byteLength; at += 2) numbers.push(list.getUint16(at));
  return numbers.filter((each) => isReserved(each));
}

function isReserved(value: number): boolean {
  return (value & 0x0f0f) === 0x0a0a && value >> 8 === (value & 0xff);
}

function uint16(value: number): readonly [number, number] {
  return [value >> 8, value & 255];
}

const recordHeader = 5;
