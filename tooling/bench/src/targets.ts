/** A ratio to node:tls that is to be reached. */
export interface Target {
  readonly what: string;
  readonly workload: string;
  readonly case: string;
  /** True: less is better, as of memory. */
  readonly atMost?: boolean;
  /** By subject: what is wanted under Node 20, and under each later line. */
  readonly wanted: Readonly<Record<string, readonly [node20: number, later: number]>>;
}

/** The table of issue 15. Where it has one figure for Node 20 and a part of it for Node 24, the product stands here. */
export const targets: readonly Target[] = [
  {
    what: 'handshakes, known chain, 16 concurrent',
    workload: 'handshakes',
    case: 'known chain, 16 concurrent',
    wanted: {
      'pure, native crypto': [1.8, 1.4],
      pure: [1.5, 1],
      native: [1.5, 1.3],
      'pure, noble': [0.45, 0.45],
    },
  },
  {
    what: 'first contact',
    workload: 'handshakes',
    case: 'first contact, 16 concurrent',
    wanted: { 'pure, native crypto': [1.4, 1.1], pure: [1.2, 0.9], native: [1.3, 1.1], 'pure, noble': [0.3, 0.3] },
  },
  {
    what: 'resumed',
    workload: 'handshakes',
    case: 'resumed, 16 concurrent',
    wanted: { 'pure, native crypto': [1.2, 0.9], pure: [1, 0.7], native: [1.1, 0.9], 'pure, noble': [0.4, 0.4] },
  },
  {
    what: 'bulk up',
    workload: 'bulk',
    case: 'up, writes of 64 KiB',
    wanted: { 'pure, native crypto': [1.1, 1.05], pure: [0.6, 0.57], native: [1.1, 1.05] },
  },
  {
    what: 'bulk down',
    workload: 'bulk',
    case: 'down, writes of 64 KiB',
    wanted: { 'pure, native crypto': [1.1, 1.05], pure: [0.7, 0.67], native: [1.1, 1.05] },
  },
  {
    what: 'bulk up, ChaCha20-Poly1305 on both sides',
    workload: 'bulk',
    case: 'up, writes of 64 KiB, ChaCha20-Poly1305',
    wanted: { 'pure, noble': [0.3, 0.3] },
  },
  {
    what: 'bulk down, ChaCha20-Poly1305 on both sides',
    workload: 'bulk',
    case: 'down, writes of 64 KiB, ChaCha20-Poly1305',
    wanted: { 'pure, noble': [0.3, 0.3] },
  },
  {
    what: 'bulk with `onread`',
    workload: 'bulk',
    case: 'down, writes of 64 KiB, onread',
    wanted: { 'pure, native crypto': [1.25, 1.19], pure: [0.8, 0.76], native: [1.2, 1.14] },
  },
  {
    what: 'echo, 100 bytes',
    workload: 'echo',
    case: '100 bytes',
    wanted: { 'pure, native crypto': [1.4, 1.2], pure: [1, 0.85], native: [1.1, 1], 'pure, noble': [0.95, 0.95] },
  },
  {
    what: 'idle memory',
    workload: 'idle',
    case: '8,000 connections',
    atMost: true,
    wanted: { 'pure, native crypto': [0.5, 0.5], pure: [0.5, 0.5], native: [0.8, 0.8], 'pure, noble': [0.5, 0.5] },
  },
];

/** How many major collections a client may have while it receives 1.28 GiB with `onread`. */
export const mostCollections = 3;
/** What importing one of our entries may take: milliseconds of CPU, MiB of heap. */
export const mostStart = { milliseconds: 70, mebibytes: 6 };
