import process from 'node:process';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { FolderFile, WantedCertificate } from './certificate-folder.ts';
import { UsageError } from './exit-code.ts';
import { fileNameOf, parseClientName, parseServerName } from './subject-names.ts';
import { collect } from './tls-options.ts';

interface CertOptions {
  readonly out: string;
  readonly client?: readonly string[];
  readonly days: number;
  readonly keyType: (typeof keyTypes)[number];
  readonly intermediate?: true;
  readonly ocspUrl?: string;
  readonly force?: true;
}

const keyTypes = ['ecdsa-p256', 'ecdsa-p384', 'rsa-2048', 'rsa-4096', 'ed25519'] as const;

/** The command `tls cert NAME…`: it makes certificates for development, and the root that vouches for them. */
export function certCommand(): Command {
  return new Command('cert')
    .description('make certificates for development: a root, which is kept, and what it vouches for')
    .argument('[names...]', 'DNS names and IP addresses of one server; its files are named after the first')
    .requiredOption('--out <folder>', 'the folder for root.pem, NAME.pem (certificate and chain) and NAME.key')
    .option('--client <name>', 'make a client’s certificate too, or only that; may be repeated', collect)
    .option('--days <number>', 'how long the certificates are valid', days, 365)
    .addOption(new Option('--key-type <type>', 'the kind of the keys').choices(keyTypes).default('ecdsa-p256'))
    .option('--intermediate', 'issue from an intermediate CA, whose certificate is then part of the chain')
    .option('--ocsp-url <url>', 'the http: URL at which the certificates say that their status is known', httpUrl)
    .option('--force', 'replace certificates that are there; a CA is never replaced')
    .action(async (names: readonly string[], options: CertOptions) => {
      const certificates = wantedCertificates(names, options.client ?? []);
      // What writes certificates takes longer to load than the other commands need to start.
      const { issueInto } = await import('./certificate-folder.ts');
      const files = await issueInto({
        folder: options.out,
        certificates,
        keyType: options.keyType,
        days: options.days,
        intermediate: options.intermediate ?? false,
        ...(options.ocspUrl === undefined ? {} : { ocspUrl: options.ocspUrl }),
        force: options.force ?? false,
      });
      for (const file of files) process.stdout.write(`${lineOf(file)}\n`);
      process.stdout.write(warning);
    });
}

function wantedCertificates(names: readonly string[], clients: readonly string[]): readonly WantedCertificate[] {
  const serverNames = [...new Set(names.map(parseServerName))];
  const [first] = serverNames;
  if (first === undefined && clients.length === 0)
    throw new UsageError('expected a name or an address of a server, or --client');
  const server = first === undefined ? [] : [{ file: fileNameOf(first), serverNames, commonName: shortened(first) }];
  const wanted = [
    ...server,
    ...clients
      .map(parseClientName)
      .map((commonName) => ({ file: fileNameOf(commonName), serverNames: [], commonName })),
  ];
  const taken = new Set(['root', 'intermediate']);
  for (const { file } of wanted) {
    // Some systems do not tell upper case from lower case in names of files.
    const key = file.toLowerCase();
    if (taken.has(key)) throw new UsageError(`two certificates would be in ${file}.pem`);
    taken.add(key);
  }
  return wanted;
}

/** A commonName has 64 characters at most (RFC 5280 appendix A.1), and a DNS name may have more. */
function shortened(name: string): string {
  return name.length > 64 ? 'server' : name;
}

function lineOf({ path, content, isNew, notAfter }: FolderFile): string {
  const end = notAfter === undefined ? '' : `, valid until ${notAfter.toISOString().slice(0, 10)}`;
  return `${path}: ${content}${end}${isNew ? '' : ', as it was'}`;
}

/** Reads a number of days, above 0 and up to 3650, which may have a fraction. */
export function days(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 3650)) throw new InvalidArgumentError('expected a number of days above 0, up to 3650.');
  return value;
}

function httpUrl(text: string): string {
  if (!URL.canParse(text) || new URL(text).protocol !== 'http:')
    throw new InvalidArgumentError('expected an http: URL (RFC 6960 §3.1).');
  return new URL(text).href;
}

const warning = `For development alone: whoever reads root.key can be any server to those who trust root.pem.\n`;
