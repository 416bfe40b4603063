import { network, nodeDevice, pool, secret } from '../procedures/records.ts';
import { type Codec, type Fields, i32, type RecordOf, struct } from '../xdr/codec.ts';
import type { EventFamily, EventKind } from './event-kind.ts';

function define<F extends Fields>(
  family: EventFamily,
  eventId: number,
  procedure: number,
  fields: F,
): EventKind<RecordOf<F>> {
  const payload = struct({ callbackId: i32, ...fields });
  return { family, eventId, procedure, payload: payload as unknown as Codec<RecordOf<F>> };
}

/** Events of virtual networks. `event` is a {@link NetworkLifecycle}. */
export const networkEvents = {
  lifecycle: define('network', 0, 315, { network, event: i32, detail: i32 }),
} as const;

/** Events of storage pools. `event` is a {@link PoolLifecycle}. */
export const poolEvents = {
  lifecycle: define('pool', 0, 370, { pool, event: i32, detail: i32 }),
  refresh: define('pool', 1, 373, { pool }),
} as const;

/** Events of the host's devices. `event` is a {@link NodeDeviceLifecycle}. */
export const nodeDeviceEvents = {
  lifecycle: define('nodeDevice', 0, 376, { device: nodeDevice, event: i32, detail: i32 }),
  update: define('nodeDevice', 1, 377, { device: nodeDevice }),
} as const;

/** Events of secrets. `event` is a {@link SecretLifecycle}. */
export const secretEvents = {
  lifecycle: define('secret', 0, 382, { secret, event: i32, detail: i32 }),
  valueChanged: define('secret', 1, 383, { secret }),
} as const;

/** `virNetworkEventLifecycleType`. */
export const NetworkLifecycle = { defined: 0, undefined: 1, started: 2, stopped: 3 } as const;

/** `virStoragePoolEventLifecycleType`. */
export const PoolLifecycle = {
  defined: 0,
  undefined: 1,
  started: 2,
  stopped: 3,
  created: 4,
  deleted: 5,
} as const;

/** `virNodeDeviceEventLifecycleType`. */
export const NodeDeviceLifecycle = { created: 0, deleted: 1, defined: 2, undefined: 3 } as const;

/** `virSecretEventLifecycleType`. */
export const SecretLifecycle = { defined: 0, undefined: 1 } as const;
