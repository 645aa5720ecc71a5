import { isTlsError, type CertificateProfile, type ChainJudge, type PeerRules } from '@org/tls-core';
import { nodeCrypto } from '@org/tls-crypto/node';
import { nobleCrypto } from '@org/tls-crypto/noble';
import { nativeCrypto } from '@org/tls-native/crypto';
import { parseCertificate, peerVerifier, readCertificateTimestamps } from '@org/x509';
import { Finding } from '../fuzzer.ts';
import type { Random } from '../random.ts';
import { corpusTime, namesOf, real } from './corpus.ts';
import { encodeDer, parseDer } from './der-tree.ts';
import { mutateTree } from './mutate-der.ts';
import { resign, signedPaths, type SignedPath } from './resign.ts';
import { bytesTarget, derTarget, ders, often, type Target } from './target.ts';

const root = real('certificate root');
const ca = real('certificate ca');
const leaf = real('certificate leaf');
const crls = [real('crl empty'), real('crl root')];
const goodStaple = real('ocsp good');

export const certificateTargets: readonly Target[] = [
  derTarget('parseCertificate', ['certificate'], (der) => parseCertificate(der)),
  derTarget('leaf of a chain', ['certificate leaf', 'certificate rsa', 'certificate p384', 'certificate ed'], (der) =>
    refuses(der, judgeAll({}, [der, ca], undefined)),
  ),
  derTarget('issuer in a chain', ['certificate ca'], (der) => judgeAll({}, [leaf, der], undefined)),
  signedTarget('leaf, signed', ['certificate leaf', 'certificate rsa'], 'ca', signedPaths.certificate, (der) =>
    judgeAll({ certificateProfile: 'webpki' }, [der, ca], undefined),
  ),
  signedTarget('issuer, signed', ['certificate ca'], 'root', signedPaths.certificate, (der) =>
    judgeAll({ certificateProfile: 'webpki' }, [leaf, der], undefined),
  ),
  derTarget('trust anchor', ['certificate root'], (der) => judgeAll({ trust: der }, [leaf, ca], undefined)),
  derTarget('name of a bare anchor', ['certificate root'], bareAnchor),
  derTarget('list', ['crl e', 'crl f', 'crl r'], (der) =>
    judgeAll({ revocation: { crls: [der, ...crls] } }, [leaf, ca], undefined),
  ),
  signedTarget('list, signed', ['crl e', 'crl f'], 'ca', signedPaths.crl, (der) =>
    judgeAll({ revocation: { crls: [der, ...crls] } }, [leaf, ca], undefined),
  ),
  derTarget('staple', ['ocsp'], (der) => judgeAll({}, [leaf, ca], der)),
  signedTarget('staple, signed', ['ocsp'], 'ca', signedPaths.ocsp, (der) => judgeAll({}, [leaf, ca], der)),
  bytesTarget('timestamps', ['timestamps'], (list) => timestamps(leaf, undefined, list)),
  derTarget('timestamps in a certificate', ['certificate leaf'], (der) => timestamps(der, undefined, undefined)),
  derTarget('timestamps in a staple', ['ocsp good'], (der) => timestamps(leaf, der, undefined)),
];

/** Makes a target whose damaged input is signed by its issuer, whatever the damage is. */
function signedTarget(
  name: string,
  beginnings: readonly string[],
  signer: 'root' | 'ca',
  path: SignedPath,
  act: Target['act'],
): Target {
  const damage = (random: Random, seed: string): Uint8Array => {
    const tree = parseDer(real(seed));
    if (tree === undefined) throw new Error(`${seed} is no DER`);
    return encodeDer(
      resign(
        often(random, tree, (node) => mutateTree(random, node, ders)),
        path,
        signer,
      ),
    );
  };
  return { name, seeds: namesOf(...beginnings), damage, act };
}

type Rules = Partial<Pick<PeerRules, 'trust' | 'revocation'>> & { readonly certificateProfile?: CertificateProfile };

/** Expects that all providers come to the same verdict. */
function judgeAll(rules: Rules, chain: readonly Uint8Array[], ocspResponse: Uint8Array | undefined): string {
  const [node = '', native, noble] = [nodeCrypto, nativeCrypto, nobleCrypto].map((crypto) =>
    verdict(() => {
      const judge: ChainJudge = peerVerifier({ crypto }).createJudge({ role: 'client', trust: root, ...rules });
      const staple = { ocspResponse: ocspResponse ?? goodStaple };
      return judge({ chain, serverName: 'localhost', staple, time: corpusTime });
    }),
  );
  if (native !== node || noble !== node)
    throw new Finding(`node:crypto says ${node}, the addon says ${native}, noble says ${noble}`);
  return node;
}

function verdict(judge: () => unknown): string {
  try {
    const judged = judge();
    if (judged instanceof Promise) throw new Finding('a verdict is a Promise');
    return 'accepted';
  } catch (error) {
    if (!isTlsError(error)) throw error;
    return error.code;
  }
}

/** Expects a refusal of what is not in the corpus, because nobody signed it. */
function refuses(der: Uint8Array, outcome: string): void {
  const isReal = namesOf('certificate').some((name) => Buffer.compare(real(name), der) === 0);
  if (outcome === 'accepted' && !isReal) throw new Finding('a certificate is accepted that nobody signed');
}

/** Reads a damaged certificate's elements as the name and the key of an anchor, either of which may be the damaged one. */
function bareAnchor(der: Uint8Array): void {
  const parts = parseDer(der)?.children[0]?.children ?? [];
  const [subject = der, subjectPublicKeyInfo = der, nameConstraints = der] = parts.slice(5).map(encodeDer);
  judgeAll({ trust: { subject, subjectPublicKeyInfo } }, [leaf, ca], undefined);
  judgeAll({ trust: { subject, subjectPublicKeyInfo, nameConstraints } }, [leaf, ca], undefined);
}

function timestamps(
  der: Uint8Array,
  ocspResponse: Uint8Array | undefined,
  signedCertificateTimestamps: Uint8Array | undefined,
): void {
  const sources = { chain: [der, ca], verifiedPath: [der, ca, root], ocspResponse, signedCertificateTimestamps };
  readCertificateTimestamps(sources, nodeCrypto);
}
