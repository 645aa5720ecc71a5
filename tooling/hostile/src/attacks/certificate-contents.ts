import { createLog, createRoot, timestampList } from '@org/pki';
import type { ClientConfig, ProtocolVersion } from '@org/tls-core';
import { zlibCompressor } from '@org/tls-pure/compression/node';
import { nodeCrypto } from '@org/tls-crypto/node';
import { ExtensionType, HandshakeType } from '@org/tls-pure/misbehaving';
import { requireCertificateTransparency } from '@org/x509';
import type { Attack, Scene, Stage } from '../attack.ts';
import { clientThatDials } from '../certificate-stages.ts';
import { extension } from '../client-hello.ts';
import { converse, Peer } from '../converse.ts';
import { der, fromHex, nameOf, sequence } from '../der.ts';
import { identityOf } from '../people.ts';
import { clientStage, hostileServer } from '../stages.ts';
import { handshakeMessage, join, repeat, text, uint24, vector16, vector24 } from '../wire.ts';

const both: readonly ProtocolVersion[] = ['TLSv1.2', 'TLSv1.3'];
const only13: readonly ProtocolVersion[] = ['TLSv1.3'];

/** What a server whose certificate is from a trusted authority may show. */
export const certificateContentAttacks: readonly Attack[] = [
  {
    name: 'Certificate: a trusted one for 2,000 names under 1,500 name constraints',
    on: 'client',
    versions: both,
    stage: trustedWithConstraints,
  },
  {
    name: 'Certificate: a trusted one for 350 subjects under 350 constraints on subjects',
    on: 'client',
    versions: only13,
    isReadByLibrary: true,
    stage: (scene) => trustedWithForms(scene, (text) => der(0xa4, nameOf(text))),
  },
  {
    name: 'Certificate: a trusted one for 350 mail addresses under 350 constraints on them',
    on: 'client',
    versions: only13,
    isReadByLibrary: true,
    stage: (scene) => trustedWithForms(scene, (mailbox) => der(0x81, text(`${mailbox}@a.a.a.a.a.a.a.a.test`))),
  },
  {
    name: 'Certificate: one with 3,000 extensions that nobody knows',
    on: 'client',
    versions: both,
    stage: manyExtensions,
  },
  {
    name: 'Certificate: 500 certificate timestamps, judged',
    on: 'client',
    versions: only13,
    subjects: ['pure (node)', 'pure (noble)'],
    stage: manyTimestamps,
  },
  {
    name: 'Certificate: a staple with 650 answers',
    on: 'client',
    versions: only13,
    subjects: ['pure (node)'],
    stage: longStaple,
  },
  bomb('64 KiB of zeros, compressed', 2 ** 16),
  bomb('16 MiB of zeros, compressed', 2 ** 24 - 1),
];

async function trustedWithConstraints(scene: Scene): Promise<Stage> {
  const root = await createRoot();
  const excluded = Array.from({ length: 1500 }, (_, index) => `x${index}.test`);
  const authority = await root.issue({ isCa: true, nameConstraints: { permitted: ['localhost', 'test'], excluded } });
  const names = ['localhost', ...Array.from({ length: 2000 }, (_, index) => `n${index}.test`)];
  const leaf = await authority.issue({ names });
  const trust = [root.certificatePem, scene.people.rootPem];
  return clientThatDials(scene, leaf.chainDer, identityOf(leaf), { trust });
}

/** @param form makes a GeneralName of a text */
async function trustedWithForms(scene: Scene, form: (text: string) => Uint8Array): Promise<Stage> {
  const root = await createRoot();
  const forms = (prefix: string): readonly Uint8Array[] =>
    Array.from({ length: 350 }, (_, at) => form(`${prefix}${at}`));
  const excluded = sequence(der(0xa1, ...forms('excluded').map((each) => sequence(each))));
  const authority = await root.issue({
    isCa: true,
    extensions: [{ oid: '2.5.29.30', critical: true, value: excluded }],
  });
  const names = sequence(der(0x82, text('localhost')), ...forms('name'));
  const leaf = await authority.issue({
    names: [],
    commonName: 'forms',
    extensions: [{ oid: '2.5.29.17', value: names }],
  });
  return clientThatDials(scene, leaf.chainDer, identityOf(leaf), {
    trust: [root.certificatePem, scene.people.rootPem],
  });
}

async function manyExtensions(scene: Scene): Promise<Stage> {
  const root = await createRoot();
  const extensions = Array.from({ length: 3000 }, (_, index) => ({
    oid: `1.3.6.1.4.1.11129.${10_000 + index}`,
    value: Uint8Array.of(5, 0),
  }));
  const leaf = await root.issue({ names: ['localhost'], extensions });
  const trust = [root.certificatePem, scene.people.rootPem];
  return clientThatDials(scene, leaf.chainDer, undefined, { trust });
}

async function manyTimestamps(scene: Scene): Promise<Stage> {
  const { leaf } = scene.people;
  const log = await createLog();
  const timestamp = await log.timestamp({ certificateDer: leaf.certificateDer });
  const client: ClientConfig = {
    requestCertificateTimestamps: true,
    verifyPeer: requireCertificateTransparency({
      logs: [{ operator: 'somebody', publicKey: log.publicKeyDer }],
      minimumTimestamps: 1,
      minimumOperators: 1,
      crypto: nodeCrypto,
    }),
  };
  const list = timestampList(Array.from({ length: 500 }, () => timestamp));
  return withLeafExtension(scene, ExtensionType.signedCertificateTimestamp, list, client, timestampList([timestamp]));
}

function longStaple(scene: Scene): Stage {
  // The response has a CertID of SHA-1 with nothing after it, the status good, and thisUpdate.
  const certId = sequence(
    fromHex('300906052b0e03021a0500'),
    der(4, new Uint8Array(20)),
    der(4, new Uint8Array(20)),
    fromHex('020101'),
  );
  const time = der(0x18, Buffer.from('20260101000000Z'));
  const answers = sequence(repeat(650, () => sequence(certId, fromHex('8000'), time)));
  const data = sequence(der(0xa2, der(4, new Uint8Array(20))), time, answers);
  const basic = sequence(data, fromHex('300a06082a8648ce3d040302'), der(3, Uint8Array.of(0), new Uint8Array(72)));
  const response = sequence(fromHex('0a0100'), der(0xa0, sequence(fromHex('06092b0601050507300101'), der(4, basic))));
  return withLeafExtension(scene, ExtensionType.statusRequest, join(Uint8Array.of(1), vector24(response)), {});
}

/** Puts an extension into the entry of the leaf (RFC 8446 §4.4.2). */
function withLeafExtension(
  scene: Scene,
  type: number,
  body: Uint8Array,
  client: ClientConfig,
  honestTimestamps?: Uint8Array,
): Stage {
  const entries = scene.people.leaf.chainDer.map((certificate, index) => {
    const extensions = index === 0 ? [extension(type, body)] : [];
    return join(vector24(certificate), vector16(...extensions.map((each) => join(...header(each.type, each.body)))));
  });
  const message = handshakeMessage(HandshakeType.certificate, join(Uint8Array.of(0), vector24(...entries)));
  const attacker = hostileServer(scene, {
    shapeMessage: (sent) => [sent[0] === HandshakeType.certificate ? message : sent],
  });
  const identity =
    honestTimestamps === undefined
      ? scene.people.server
      : { ...identityOf(scene.people.leaf), signedCertificateTimestamps: honestTimestamps };
  return clientStage(scene, (victim) => converse(victim, new Peer(attacker)), client, { identity });
}

function header(type: number, body: Uint8Array): readonly Uint8Array[] {
  return [Uint8Array.of(type >>> 8, type), vector16(body)];
}

/** Makes a CompressedCertificate (RFC 8879 §4) of a message that is too long, or that is not what it claims. */
function bomb(name: string, length: number): Attack {
  return {
    name: `CompressedCertificate: ${name}`,
    on: 'client',
    versions: only13,
    subjects: ['pure (node)'],
    async stage(scene) {
      const compressed = await zlibCompressor.compress?.(new Uint8Array(length));
      const body = join(Uint8Array.of(0, 1), uint24(length), vector24(compressed ?? new Uint8Array(0)));
      const message = handshakeMessage(HandshakeType.compressedCertificate, body);
      const attacker = hostileServer(scene, {
        shapeMessage: (sent) => [sent[0] === HandshakeType.certificate ? message : sent],
      });
      const certificateCompressors = [zlibCompressor];
      return clientStage(scene, (victim) => converse(victim, new Peer(attacker)), { certificateCompressors });
    },
  };
}
