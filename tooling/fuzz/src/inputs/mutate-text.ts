import type { Random } from '../random.ts';

/** Damages text of lines, as PEM is, in one place. */
export function mutateText(random: Random, text: string, others: readonly string[]): string {
  const lines = text.split('\n');
  const at = random.below(lines.length);
  const line = lines[at] ?? '';
  const column = random.below(line.length + 1);
  switch (random.below(11)) {
    case 0:
      return lines.toSpliced(at, 1).join('\n');
    case 1:
      return lines.toSpliced(at, 0, line).join('\n');
    case 2:
      return lines.with(at, `${line.slice(0, column)}${random.pick(characters)}${line.slice(column + 1)}`).join('\n');
    case 3:
      return lines.with(at, `${line.slice(0, column)}${random.pick(characters)}${line.slice(column)}`).join('\n');
    case 4:
      return text.slice(0, random.below(text.length + 1));
    case 5:
      return text + random.pick(others);
    case 6:
      return lines.toSpliced(at, 0, random.pick(markers)).join('\n');
    case 7:
      return text.replaceAll('\n', random.pick(['\r\n', '\r', '\n\n', ' \n', '']));
    case 8:
      return lines.with(at, line.repeat(random.pick([0, 2, 50]))).join('\n');
    case 9: {
      const other = random.pick(others).split('\n');
      return lines.toSpliced(at, random.below(3), ...other.slice(random.below(other.length)).slice(0, 5)).join('\n');
    }
    default:
      return lines.toSpliced(at, 0, random.pick(characters).repeat(random.pick([1, 64, 10_000]))).join('\n');
  }
}

const characters = [
  'A',
  '=',
  '-',
  ' ',
  '\t',
  '\0',
  '\r',
  '{',
  '"',
  '/',
  '\u00e9',
  '\u2028',
  '\ud800',
  '\ufeff',
  '*',
] as const;
const markers = [
  '-----BEGIN CERTIFICATE-----',
  '-----END CERTIFICATE-----',
  '-----BEGIN PRIVATE KEY-----',
  '-----END PRIVATE KEY-----',
  '-----BEGIN ENCRYPTED PRIVATE KEY-----',
  '-----BEGIN -----',
  '-----END -----',
  '-----BEGIN X509 CRL-----',
  'Proc-Type: 4,ENCRYPTED',
  'DEK-Info: AES-128-CBC,00',
  'DEK-Info: DES-EDE3-CBC,0011223344556677',
] as const;
