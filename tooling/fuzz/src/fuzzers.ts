import type { Fuzzer } from './fuzzer.ts';
import { inputsFuzzer } from './inputs/inputs-fuzzer.ts';
import { peerFuzzer } from './peer/peer-fuzzer.ts';

export const fuzzers: readonly Fuzzer[] = [inputsFuzzer, peerFuzzer];
