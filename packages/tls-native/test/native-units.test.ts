import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { createRoot, type TestCertificate } from '@org/pki';

/** The C++ of each platform as a plain program under AddressSanitizer, LeakSanitizer and UndefinedBehaviorSanitizer. */
const builder = join(import.meta.dirname, '..', 'native', 'unit-tests.mjs');
const folder = mkdtempSync(join(tmpdir(), 'native-units-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const dayMs = 86_400_000;

/**
 * OpenSSL rests on stacks of its own and leaves them by longjmp, which AddressSanitizer remarks on once. What it warns of are frames that
 * are left without their end; here each is come back to and left in order.
 */
const aboutFibres =
  /^==\d+==WARNING: ASan is ignoring requested __asan_handle_no_return: .*\nFalse positive error reports may follow\n.*\n/m;

await writeCertificates();
const { stdout } = await promisify(execFile)(process.execPath, [builder]);
const programs = Object.entries(JSON.parse(stdout) as Readonly<Record<string, string>>);
const runs: readonly Run[] = await Promise.all(programs.map(async ([platform, program]) => run(platform, program)));

describe.each(runs.map((each) => [each.platform, each] as const))(
  '%s, in C++',
  (_, { verdicts, status, complaint }) => {
    it.each(verdicts.map(({ sentence, fault }) => [sentence, fault] as const))('%s', (_sentence, fault) => {
      expect(fault).toBe('');
    });

    it('the program ends in order: no leak, no bad access, no undefined behaviour', () => {
      expect(complaint).toBe('');
      expect(status).toBe(verdicts.some(({ fault }) => fault !== '') ? 1 : 0);
      expect(verdicts).not.toEqual([]);
    });
  },
);

it('there are programs', () => {
  expect(programs.map(([platform]) => platform)).toContain('openssl');
});

interface Verdict {
  readonly sentence: string;
  /** Empty: none. */
  readonly fault: string;
}

interface Run {
  readonly platform: string;
  readonly verdicts: readonly Verdict[];
  readonly status: number | string;
  /** What a sanitizer says. */
  readonly complaint: string;
}

async function run(platform: string, program: string): Promise<Run> {
  const env = { ...process.env, ASAN_OPTIONS: 'detect_leaks=1', UBSAN_OPTIONS: 'print_stacktrace=1' };
  const child = spawn(program, [folder], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [output, complaint] = [textOf(child.stdout), textOf(child.stderr)];
  const status = await new Promise<number | string>((resolve, reject) => {
    child.once('error', reject).once('close', (code, signal) => resolve(code ?? signal ?? 'no status'));
  });
  return {
    platform,
    verdicts: verdictsOf(await output),
    status,
    complaint: (await complaint).replace(aboutFibres, ''),
  };
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

function verdictsOf(output: string): readonly Verdict[] {
  return output.split('\n').flatMap((line) => {
    if (line.startsWith('ok ')) return [{ sentence: line.slice('ok '.length), fault: '' }];
    // a sentence that holds a colon is cut there: the rest of it stands with the reason
    const [, sentence, fault] = /^failed (.*?): (.*)$/.exec(line) ?? [];
    return sentence === undefined || fault === undefined ? [] : [{ sentence, fault: fault === '' ? 'failed' : fault }];
  });
}

async function writeCertificates(): Promise<void> {
  const root = await createRoot({ commonName: 'root' });
  const intermediate = await root.issue({ isCa: true, commonName: 'intermediate' });
  const stranger = await createRoot({ commonName: 'stranger' });
  const names = ['localhost', '127.0.0.1'];
  const expired = { notBefore: new Date(Date.now() - 2 * dayMs), notAfter: new Date(Date.now() - dayMs) };
  const all: Readonly<Record<string, TestCertificate>> = {
    root,
    intermediate,
    stranger,
    server: await intermediate.issue({ names }),
    rsa: await intermediate.issue({ names, algorithm: 'rsa-2048' }),
    client: await intermediate.issue({ names: ['client.test'] }),
    expired: await intermediate.issue({ names, ...expired }),
  };
  for (const [name, { certificateDer, privateKeyDer }] of Object.entries(all)) {
    writeFileSync(join(folder, `${name}.der`), certificateDer);
    writeFileSync(join(folder, `${name}.key`), privateKeyDer);
  }
}
