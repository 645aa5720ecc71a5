import { X509Certificate } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { authorityInfoAccess, createRoot, type IssueOptions, type KeyAlgorithm, type TestCertificate } from '@org/pki';
import { UsageError } from './exit-code.ts';
import { isThere, readCa, usable, writeAnew } from './pem-files.ts';

/** A certificate that is to be made, and the name of its files without their endings. */
export interface WantedCertificate {
  readonly file: string;
  /** The DNS names and addresses of a server; without any, the certificate is a client's. */
  readonly serverNames: readonly string[];
  readonly commonName: string;
}

export interface IssueRequest {
  readonly folder: string;
  readonly certificates: readonly WantedCertificate[];
  /** The kind of each key that is made. */
  readonly keyType: KeyAlgorithm;
  /** How long the certificates are valid, in days; a CA that ends earlier ends it. */
  readonly days: number;
  readonly intermediate: boolean;
  /** Where the certificates say that their status can be asked for. */
  readonly ocspUrl?: string;
  /** Whether certificates that are there are replaced. A CA is never. */
  readonly force: boolean;
}

/** A file that was written or, where it is a CA's, used again. */
export interface FolderFile {
  readonly path: string;
  readonly content: 'root' | 'intermediate' | 'certificate' | 'private key';
  readonly isNew: boolean;
  /** The end of the certificate's validity. */
  readonly notAfter?: Date;
}

/**
 * Makes certificates in a folder, and the root that vouches for them where the folder has none.
 * @throws UsageError when a file is there and may not be replaced, or cannot be read or written
 */
export async function issueInto(request: IssueRequest): Promise<readonly FolderFile[]> {
  const { folder, certificates, force } = request;
  const targets = certificates.flatMap(({ file }) => [`${file}.pem`, `${file}.key`]);
  if (!force) await refuseExisting(folder, targets);
  await usable(folder, () => mkdir(folder, { recursive: true }));
  const root = await authority(request, 'root', () =>
    createRoot({ commonName: rootName(), algorithm: request.keyType, notAfter: inDays(rootDays) }),
  );
  const files = [...root.files];
  let issuer = root.ca;
  if (request.intermediate) {
    const intermediate = await authority(request, 'intermediate', () =>
      root.ca.issue({
        commonName: 'Development intermediate',
        algorithm: request.keyType,
        notAfter: earlier(inDays(rootDays), root.notAfter),
        isCa: true,
        pathLength: 0,
      }),
    );
    files.push(...intermediate.files);
    issuer = intermediate.ca;
  }
  for (const wanted of certificates) files.push(...(await issueOne(request, issuer, wanted)));
  return files;
}

async function issueOne(
  { folder, keyType, days, ocspUrl }: IssueRequest,
  issuer: TestCertificate,
  wanted: WantedCertificate,
): Promise<readonly FolderFile[]> {
  const isServer = wanted.serverNames.length > 0;
  const options: IssueOptions = {
    names: wanted.serverNames,
    commonName: wanted.commonName,
    algorithm: keyType,
    notAfter: earlier(inDays(days), endOf(issuer)),
    extendedKeyUsage: [isServer ? 'serverAuth' : 'clientAuth'],
    ...(ocspUrl === undefined ? {} : { extensions: [authorityInfoAccess(ocspUrl)] }),
  };
  const made = await issuer.issue(options);
  return writePair(path.join(folder, wanted.file), 'certificate', made);
}

interface Authority {
  readonly ca: TestCertificate;
  readonly notAfter: Date;
  readonly files: readonly FolderFile[];
}

/** Gives the folder's CA of a name, which is made when neither its certificate nor its key is there. */
async function authority(
  { folder }: IssueRequest,
  name: 'root' | 'intermediate',
  make: () => Promise<TestCertificate>,
): Promise<Authority> {
  const file = path.join(folder, name);
  const present = await Promise.all([isThere(`${file}.pem`), isThere(`${file}.key`)]);
  if (!present.includes(true)) {
    const ca = await make();
    return { ca, notAfter: endOf(ca), files: await writePair(file, name, ca) };
  }
  const ca = await readCa(file);
  const notAfter = endOf(ca);
  if (notAfter.getTime() < Date.now())
    throw new UsageError(`${file}.pem has expired: remove it and ${file}.key, and a new one is made`);
  return { ca, notAfter, files: [{ path: `${file}.pem`, content: name, isNew: false, notAfter }] };
}

/** Writes a certificate with its chain, and its key for its owner's eyes only. What was there is replaced, and no link is followed. */
async function writePair(
  file: string,
  content: Exclude<FolderFile['content'], 'private key'>,
  made: TestCertificate,
): Promise<readonly FolderFile[]> {
  await usable(file, async () => {
    await writeAnew(`${file}.key`, made.privateKeyPem, 0o600);
    await writeAnew(`${file}.pem`, made.chainPem, 0o644);
  });
  return [
    { path: `${file}.pem`, content, isNew: true, notAfter: endOf(made) },
    { path: `${file}.key`, content: 'private key', isNew: true },
  ];
}

async function refuseExisting(folder: string, targets: readonly string[]): Promise<void> {
  for (const target of targets) {
    const file = path.join(folder, target);
    if (await isThere(file)) throw new UsageError(`${file} is there already; --force replaces it`);
  }
}

function endOf({ certificateDer }: TestCertificate): Date {
  return new Date(new X509Certificate(certificateDer).validTo);
}

function inDays(days: number): Date {
  return new Date(Date.now() + days * 86_400_000);
}

function earlier(one: Date, other: Date): Date {
  return one < other ? one : other;
}

/** Roots of several folders have different names, so that people can tell them apart. */
function rootName(): string {
  return `Development root ${crypto.randomUUID().slice(0, 8)}`;
}

const rootDays = 3650;
