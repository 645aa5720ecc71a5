// What the module exports.

export { digestAddress, inputAddress, inputLimit, keyAddress, runningHashAddress, runningHashLength } from './memory';
export { hash, hashBegin, hashFinish, hashUpdate, hmac, hmacBegin, hmacFinish } from './hashes';
