// The places in the module's memory through which the host and the module exchange bytes. Each is allocated once, when the module is
// compiled, so that the memory never grows and no address depends on a secret.

/** The longest stretch of a message, in bytes, that one call takes: some records of TLS with what they grow by, in one crossing. */
export const inputLimit: u32 = 0x12000;

/** Where the host puts a message, and where a cipher leaves its result. */
export const inputAddress: usize = memory.data(0x12000 + 128, 16);

/** Where the host puts a key: that of an HMAC, at most one block, or that of a cipher. */
export const keyAddress: usize = memory.data(128, 16);

/** Where the host puts a nonce of 12 bytes. */
export const nonceAddress: usize = memory.data(16, 16);

/** Where the module leaves a digest of up to 64 bytes. */
export const digestAddress: usize = memory.data(64, 16);

/** How many bytes a running hash has: its state (64), its unfinished block (128), and how long all of its input is (8, then 8 of padding). */
export const runningHashLength: u32 = 208;

/** Where a running hash lies. The host keeps it between two calls, and brings it back. */
export const runningHashAddress: usize = memory.data(208, 16);
