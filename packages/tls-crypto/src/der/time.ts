import type { TlsError } from '@org/tls-core';
import { DerTag, type DerReader } from './der-reader.ts';

/**
 * Reads a Time (RFC 5280 §4.1.2.5): it has seconds, is in Zulu time and has no fractions. UTCTime stands for the years 1950 to 2049.
 * @returns milliseconds since the epoch
 */
export function readTime(reader: DerReader): number {
  const { tag, contents } = reader.any();
  const yearDigits = tag === DerTag.utcTime ? 2 : tag === DerTag.generalizedTime ? 4 : undefined;
  if (yearDigits === undefined || contents.length !== yearDigits + 11 || contents[yearDigits + 10] !== zulu)
    throw malformed(reader);
  let year = number(reader, contents, 0, yearDigits);
  const month = number(reader, contents, yearDigits, 2);
  const day = number(reader, contents, yearDigits + 2, 2);
  const hour = number(reader, contents, yearDigits + 4, 2);
  const minute = number(reader, contents, yearDigits + 6, 2);
  const second = number(reader, contents, yearDigits + 8, 2);
  if (tag === DerTag.utcTime) year += year >= 50 ? 1900 : 2000;
  // A GeneralizedTime before 2050 is against RFC 5280 §4.1.2.5. One root of Mozilla's list has one for 2011; as nothing about it is
  // ambiguous, it is accepted.
  else if (year < 1950) throw reader.fault(`a GeneralizedTime for the year ${year}`);
  const time = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(time);
  const isReal =
    month >= 1 &&
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    hour < 24 &&
    minute < 60 &&
    second < 60;
  if (!isReal) throw reader.fault('a time that is not on the calendar');
  return time;
}

const zulu = 0x5a;

function number(reader: DerReader, contents: Uint8Array, from: number, digits: number): number {
  let value = 0;
  for (let index = from; index < from + digits; index += 1) {
    const digit = (contents[index] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) throw malformed(reader);
    value = value * 10 + digit;
  }
  return value;
}

function malformed(reader: DerReader): TlsError {
  return reader.fault('a time that is not YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ');
}
