import process from 'node:process';
import { Command } from 'commander';
import { days } from './cert-command.ts';

interface CrlOptions {
  readonly ca: string;
  readonly out: string;
  readonly days: number;
}

/** The command `tls crl`: it writes the list of the certificates that a CA of `tls cert` has revoked. */
export function crlCommand(): Command {
  return new Command('crl')
    .description('list the revoked certificates of a CA that `tls cert` has made')
    .argument('[certificates...]', 'the files of all that are revoked; without any, the list is empty')
    .requiredOption('--ca <file>', 'the CA’s certificate, NAME.pem, beside which NAME.key is')
    .requiredOption('--out <file>', 'the list, in PEM; what was there is replaced')
    .option('--days <number>', 'how long the list is valid', days, 30)
    .action(async (revoked: readonly string[], { ca, out, days: lifetime }: CrlOptions) => {
      const { writeRevocationList } = await import('./revocation-list-file.ts');
      await writeRevocationList({ ca, out, revoked, days: lifetime });
      process.stdout.write(`${out}: ${revoked.length} revoked\n`);
    });
}
