import type { Protection, RecordLayout } from '../../src/record/protection.ts';

/** Content of up to 2^14 bytes in one record, without padding. */
export const oneRecord: RecordLayout = { maxFragmentLength: 2 ** 14 + 1, padding: 1 };

/** Seals content into one record. */
export function sealRecord(
  protection: Protection,
  type: number,
  content: Uint8Array,
  layout: RecordLayout = oneRecord,
): Uint8Array {
  const record = new Uint8Array(protection.sealedLength(content.length, layout));
  protection.seal(type, content, record, 0, layout);
  return record;
}

/** Opens one record. The type of its content is then the protection's `takenType`. */
export function openRecord(protection: Protection, record: Uint8Array): Uint8Array {
  const out = new Uint8Array(record.length);
  protection.open(record, 0, 1, out, 0);
  const length = protection.take(out);
  return out.slice(protection.takenAt, protection.takenAt + length);
}
