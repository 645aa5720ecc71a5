export { leadWorkers, type Leader, type LeaderOptions } from './leader.ts';
export { joinWorkers, type JoinedWorker, type WorkerOptions } from './worker.ts';
export type { Channel, PortChannel, ProcessChannel } from './channel.ts';
export type { SharedTls } from './shared-tls.ts';
