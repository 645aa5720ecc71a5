import type { Fuzzer } from './fuzzer.ts';
import { inputsFuzzer } from './inputs/inputs-fuzzer.ts';
import { optionsFuzzer } from './options/options-fuzzer.ts';
import { peerFuzzer } from './peer/peer-fuzzer.ts';
import { socketsFuzzer } from './sockets/sockets-fuzzer.ts';

export const fuzzers: readonly Fuzzer[] = [inputsFuzzer, peerFuzzer, socketsFuzzer, optionsFuzzer];
