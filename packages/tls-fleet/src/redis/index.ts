export type { ExpiringStore } from './expiring-store.ts';
export {
  redisFleet,
  type RedisFleet,
  type RedisFleetDangerous,
  type RedisFleetOptions,
  type RedisFleetStatus,
} from './redis-fleet.ts';
export type {
  CallingClient,
  EmittingSubscriber,
  ListeningSubscriber,
  RedisClient,
  RedisSubscriber,
  SendingClient,
  SendingCluster,
} from './redis-client.ts';
export type { ExpiringValue, SharedValue, SharedValueOptions } from './shared-value.ts';
export type { SendCommand } from '../link/send-command.ts';
