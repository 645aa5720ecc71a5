export { contextTag, DerReader, DerTag, type DerErrorCode } from './der-reader.ts';
export { derElement } from './der-writer.ts';
export { derSignature } from './ecdsa-value.ts';
export { Oid } from './object-identifier.ts';
export { readTime, timeOf } from './time.ts';
