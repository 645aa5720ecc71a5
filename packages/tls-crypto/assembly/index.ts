// What the module exports.

export {
  digestAddress,
  inputAddress,
  inputLimit,
  keyAddress,
  nonceAddress,
  runningHashAddress,
  runningHashLength,
} from './memory';
export { aesExpandKey, scheduleAddress, scheduleLimit } from './aes';
export { gcmOpen, gcmSeal } from './aes-gcm';
export { chachaOpen, chachaSeal } from './chacha20-poly1305';
export { hash, hashBegin, hashFinish, hashUpdate, hmac, hmacBegin, hmacFinish } from './hashes';
