import { X509Certificate } from 'node:crypto';
import { readWithPkijs } from '@org/pki';
import { isTlsError } from '@org/tls-core';
import { describe, expect, test } from 'vitest';
import { parseCertificate, type Certificate } from '../src/certificate.ts';
import { fuzzSeeds } from './support/fuzz-seeds.ts';
import { mutator } from './support/mutator.ts';

/** Every one is read by ours, what ours accepts by Node's X509Certificate, and some of that by pkijs, which is slow. */
const runs = 100_000;
const pkijsEvery = 40;

const seeds = Object.values(fuzzSeeds);

describe('100,000 mutated certificates', () => {
  test('are read as OpenSSL and pkijs read them, or refused with a TlsError', () => {
    const mutate = mutator(0x5eed);
    const disagreements: string[] = [];
    let accepted = 0;
    for (let run = 0; run < runs; run += 1) {
      const seed = seeds[run % seeds.length] ?? new Uint8Array(0);
      const der = mutate(seed, seeds);
      const certificate = read(der);
      if (certificate === undefined) continue;
      accepted += 1;
      const differences = [
        ...againstNode(certificate),
        ...(accepted % pkijsEvery === 0 ? againstPkijs(certificate) : []),
      ];
      for (const difference of differences) disagreements.push(`${difference}: ${Buffer.from(der).toString('base64')}`);
    }
    expect(disagreements).toEqual([]);
    // neither all refused nor all accepted: else nothing was compared
    expect(accepted).toBeGreaterThan(runs / 20);
    expect(accepted).toBeLessThan(runs);
  });
});

function read(der: Uint8Array): Certificate | undefined {
  try {
    return parseCertificate(der);
  } catch (error) {
    if (!isTlsError(error)) throw error;
    return undefined;
  }
}

function againstNode(certificate: Certificate): readonly string[] {
  let other: X509Certificate;
  try {
    other = new X509Certificate(certificate.der);
  } catch (error) {
    return [`Node refuses it (${String(error)})`];
  }
  const differences: string[] = [];
  const compare = (what: string, ours: unknown, theirs: unknown): void => {
    if (ours !== theirs) differences.push(`${what}: ${String(ours)}, Node has ${String(theirs)}`);
  };
  compare('serial number', serialOf(certificate), other.serialNumber.replace(/^-/, '').replace(/^0+(?=.)/, ''));
  compare('notBefore', certificate.notBefore, Date.parse(other.validFrom));
  compare('notAfter', certificate.notAfter, Date.parse(other.validTo));
  compare('length', certificate.der.length, other.raw.length);
  return differences;
}

/** The magnitude in hexadecimal, as OpenSSL prints it. */
function serialOf({ serialNumber }: Certificate): string {
  const value = BigInt(`0x${Buffer.from(serialNumber).toString('hex')}`);
  const bits = 8n * BigInt(serialNumber.length);
  const isNegative = ((serialNumber[0] ?? 0) & 0x80) !== 0;
  return (isNegative ? (1n << bits) - value : value).toString(16).toUpperCase();
}

function againstPkijs(certificate: Certificate): readonly string[] {
  let other: ReturnType<typeof readWithPkijs>;
  try {
    other = readWithPkijs(certificate.der);
  } catch (error) {
    return [`pkijs refuses it (${String(error)})`];
  }
  const differences: string[] = [];
  if (Buffer.from(certificate.serialNumber).toString('hex') !== other.serialNumber) differences.push('serial number');
  if (certificate.notBefore !== other.notBefore || certificate.notAfter !== other.notAfter)
    differences.push('validity');
  return differences.map((what) => `pkijs reads another ${what}`);
}
