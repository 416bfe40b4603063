import {
  i32,
  optional,
  type Codec,
  type Fields,
  type RecordOf,
  string,
  struct,
  u32,
  u64,
} from '../xdr/codec.ts';
import { domainRef, type DomainRef } from '../procedures/records.ts';
import { paramMap } from '../xdr/typed-params.ts';
import type { EventKind } from './event-kind.ts';

type DomainEvent<F extends Fields> = { readonly domain: DomainRef } & RecordOf<F>;

function kind<F extends Fields>(eventId: number, procedure: number, fields: F): EventKind<DomainEvent<F>> {
  const payload = struct({ callbackId: i32, domain: domainRef, ...fields });
  return { family: 'domain', eventId, procedure, payload: payload as unknown as Codec<DomainEvent<F>> };
}

/** Power management events put the reason before the domain. */
function powerKind(
  eventId: number,
  procedure: number,
): EventKind<{ readonly domain: DomainRef; readonly reason: number }> {
  return {
    family: 'domain',
    eventId,
    procedure,
    payload: struct({ callbackId: i32, reason: i32, domain: domainRef }),
  };
}

/** Domain events by name. One line each, as for procedures. */
export const domainEvents = {
  /** `event` is a {@link Lifecycle}, `detail` its cause. */
  lifecycle: kind(0, 318, { event: i32, detail: i32 }),
  reboot: kind(1, 319, {}),
  watchdog: kind(3, 321, { action: i32 }),
  ioErrorReason: kind(6, 324, { path: string, alias: string, action: i32, reason: string }),
  diskChange: kind(9, 327, {
    oldPath: optional(string),
    newPath: optional(string),
    alias: string,
    reason: i32,
  }),
  trayChange: kind(10, 328, { alias: string, reason: i32 }),
  powerWakeup: powerKind(11, 329),
  powerSuspend: powerKind(12, 330),
  balloon: kind(13, 331, { actualKiB: u64 }),
  powerSuspendDisk: powerKind(14, 332),
  deviceRemoved: kind(15, 333, { alias: string }),
  blockJob: kind(16, 339, { target: string, type: i32, status: i32 }),
  tunable: kind(17, 346, { params: paramMap }),
  /** `state` 1 connected, 2 disconnected. */
  agentLifecycle: kind(18, 348, { state: i32, reason: i32 }),
  deviceAdded: kind(19, 354, { alias: string }),
  migrationIteration: kind(20, 359, { iteration: i32 }),
  jobCompleted: kind(21, 363, { params: paramMap }),
  deviceRemovalFailed: kind(22, 367, { alias: string }),
  metadataChange: kind(23, 379, { type: i32, uri: optional(string) }),
  blockThreshold: kind(24, 385, { device: string, path: optional(string), threshold: u64, excess: u64 }),
  memoryFailure: kind(25, 423, { recipient: i32, action: i32, flags: u32 }),
  /** libvirt 7.9 and later. */
  memoryDeviceSizeChange: kind(26, 438, { alias: string, size: u64 }),
  /** libvirt 11.3 and later. */
  nicMacChange: kind(27, 453, { alias: string, oldMac: string, newMac: string }),
} as const;

export type DomainEventName = keyof typeof domainEvents;
export type DomainEventPayload<N extends DomainEventName> =
  (typeof domainEvents)[N] extends EventKind<infer T> ? T : never;

/** Arrives when the daemon itself loses its hypervisor; payload: why. */
export const CONNECTION_CLOSED_PROCEDURE = 362;
