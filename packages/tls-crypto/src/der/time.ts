import { DerTag, type DerReader } from './der-reader.ts';

/**
 * Reads a Time (RFC 5280 §4.1.2.5): it has seconds, is in Zulu time and has no fractions. UTCTime stands for the years 1950 to 2049.
 * @returns milliseconds since the epoch
 */
export function readTime(reader: DerReader): number {
  const { tag, contents } = reader.any();
  const time = timeOf(tag, contents, 0, contents.length);
  if (time === undefined)
    throw reader.fault('a time that is not YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ, or not on the calendar');
  return time;
}

/**
 * Gives the time that the contents of an element stand for, for who has no reader.
 * @param from where they begin in `bytes`
 * @returns milliseconds since the epoch; `undefined` where it is no time as `readTime` takes them
 */
export function timeOf(tag: number, bytes: Uint8Array, from: number, length: number): number | undefined {
  const yearDigits = tag === DerTag.utcTime ? 2 : tag === DerTag.generalizedTime ? 4 : 0;
  if (yearDigits === 0 || length !== yearDigits + 11) return undefined;
  const at = from + yearDigits;
  if (bytes[at + 10] !== zulu) return undefined;
  for (let index = from; index < at + 10; index += 1) {
    const digit = (bytes[index] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
  }
  let year = twoDigits(bytes, from);
  if (yearDigits === 4) year = year * 100 + twoDigits(bytes, from + 2);
  else year += year >= 50 ? 1900 : 2000;
  // A GeneralizedTime before 2050 is against RFC 5280 §4.1.2.5. One root of Mozilla's list has one for 2011; as nothing about it is
  // ambiguous, it is accepted.
  const month = twoDigits(bytes, at);
  const day = twoDigits(bytes, at + 2);
  const hour = twoDigits(bytes, at + 4);
  const minute = twoDigits(bytes, at + 6);
  const second = twoDigits(bytes, at + 8);
  const isReal = year >= 1950 && month >= 1 && day >= 1 && day <= daysIn(month, year);
  if (!isReal || hour > 23 || minute > 59 || second > 59) return undefined;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

const zulu = 0x5a;

function twoDigits(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) * 10 + (bytes[at + 1] ?? 0) - 0x30 * 11;
}

/** @returns 0 for a month that there is not */
function daysIn(month: number, year: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month > 12 ? 0 : month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
