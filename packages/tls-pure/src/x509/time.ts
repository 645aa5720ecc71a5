import { DerTag, type DerReader } from './der-reader.ts';

const utcTime = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/u;
const generalizedTime = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/u;

/**
 * Reads a Time (RFC 5280 §4.1.2.5): seconds present, Zulu, no fractions. UTCTime stands for
 * 1950 to 2049.
 * @returns milliseconds since the epoch
 */
export function readTime(reader: DerReader): number {
  const { tag, contents } = reader.any();
  const text = String.fromCharCode(...contents.subarray(0, 20));
  const match =
    tag === DerTag.utcTime ? utcTime.exec(text) : tag === DerTag.generalizedTime ? generalizedTime.exec(text) : null;
  if (match === null) throw reader.fault('a time that is not YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ');
  const [number, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  let year = number ?? 0;
  if (tag === DerTag.utcTime) year += year >= 50 ? 1900 : 2000;
  // before 2050 it is against §4.1.2.5, and a root of Mozilla's list has one for 2011; nothing is ambiguous about it
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
