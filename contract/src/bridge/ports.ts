import { z } from 'zod';
import type { SerializedError } from '../errors.ts';
import { hostLinkId, machineId, poolId } from '../ids.ts';
import type { HostLinkId, MachineId } from '../ids.ts';
import type { Hardware } from '../records/hardware.ts';
import type { ImagesEvent } from '../records/image.ts';
import type { InventoryEvent } from '../records/inventory.ts';
import type { JobsEvent } from '../records/job.ts';
import type { MetricsEvent } from '../records/metrics.ts';
import type { NetworksSnapshot } from '../records/network.ts';
import type { SnapshotTree } from '../records/snapshot.ts';
import { type PoolVolumes, type StoragePool, volumeName } from '../records/storage.ts';
import type { HostLink } from './link.ts';
import type { Settings } from './settings.ts';
import type { Upload } from './uploads.ts';

/** Message ports a window may ask for, with what it must say when it asks. */
export const portRequests = {
  /** One a window: all state, in order, starting with everything there is. */
  feed: z.object({}),
  /** One an attempt: bytes of one console session. */
  console: z.object({ linkId: hostLinkId, machineId, kind: z.enum(['vnc']) }),
  /** One while a machine's hardware is on the screen; asked for anew when it has ended. */
  hardware: z.object({ linkId: hostLinkId, machineId }),
  /** As `hardware`, for its snapshots. */
  snapshots: z.object({ linkId: hostLinkId, machineId }),
  /** One while a host's pools are on the screen, or (with `poolId`) one of them with its volumes; as `hardware`. */
  storage: z.object({ linkId: hostLinkId, poolId: poolId.nullable() }),
  /** One a download: asks the person where to save a volume, saves it, and tells how far it is. */
  download: z.object({ linkId: hostLinkId, poolId, name: volumeName }),
  /** One a host while its networks are on the screen; asked for anew when it has ended. */
  networks: z.object({ linkId: hostLinkId }),
} as const;
export type PortKind = keyof typeof portRequests;
export type PortRequest<K extends PortKind> = z.infer<(typeof portRequests)[K]>;

/** What a window is to bring to the screen: a machine, or the jobs of a host. */
export type ShowTarget =
  | { readonly kind: 'machine'; readonly linkId: HostLinkId; readonly machineId: MachineId }
  | { readonly kind: 'jobs'; readonly linkId: HostLinkId };

/** What comes out of the `feed` port. Order is the order of events; nothing else carries state to a window. */
export type FeedMessage =
  | { readonly type: 'settings'; readonly settings: Settings }
  | { readonly type: 'links'; readonly links: readonly HostLink[] }
  /** `cached`: from the disk, before the host has answered; never to be shown as live. */
  | {
      readonly type: 'inventory';
      readonly linkId: HostLinkId;
      readonly cached: boolean;
      readonly event: InventoryEvent;
    }
  | {
      readonly type: 'metrics';
      readonly linkId: HostLinkId;
      readonly event: MetricsEvent;
    }
  /** As last known: like the inventory, it is the present only while the link is `live`. */
  | { readonly type: 'jobs'; readonly linkId: HostLinkId; readonly event: JobsEvent }
  | { readonly type: 'images'; readonly linkId: HostLinkId; readonly event: ImagesEvent }
  /** All of them, of all hosts, in the order they were begun. */
  | { readonly type: 'uploads'; readonly uploads: readonly Upload[] }
  /** The person clicked on a notification of the system. */
  | { readonly type: 'show'; readonly target: ShowTarget }
  /** From the native menu. */
  | {
      readonly type: 'command';
      readonly command: 'palette' | 'add-host' | 'settings' | 'shortcuts';
    };

/**
 * Out of a `console` port come `ArrayBuffer`s (RFB bytes) and these. Into it go `ArrayBuffer`s (RFB bytes, cloned,
 * not transferred: Electron loses transferred buffers on the way to the main process) and
 * {@link ConsoleAcknowledgement}s; closing the port ends the session. After `closed` nothing follows.
 */
export type ConsoleMessage =
  | { readonly type: 'opened' }
  | {
      readonly type: 'closed';
      /** `guest`: the guest's display went away; `link`: the way to the host; `refused`: see `error`. */
      readonly reason: 'guest' | 'link' | 'refused';
      readonly error: SerializedError | null;
    };

/**
 * Into a `console` port, once for each `ArrayBuffer` that came out, after it was handed to the screen. A message
 * port has no back-pressure of its own: the main process stops reading from the host while more than
 * {@link CONSOLE_WINDOW_BYTES} are on the way, so a page that never acknowledges comes to a halt.
 */
export interface ConsoleAcknowledgement {
  readonly type: 'consumed';
  readonly bytes: number;
}

/** RFB bytes that may be under way to a window, or waiting in it, before reading from the host pauses. */
export const CONSOLE_WINDOW_BYTES = 4 << 20;

/**
 * The last that comes out of a port which follows something of a host's; of a download `CANCELLED` when the person chose
 * no place.
 */
export type StreamEnd = { readonly type: 'ended'; readonly error: SerializedError };

/** What comes out of a `hardware` port, complete: at first, and after every change whoever made it. */
export type HardwareMessage = { readonly type: 'hardware'; readonly hardware: Hardware };

/** What comes out of a `snapshots` port, as that of a `hardware` port does. */
export type SnapshotsMessage = { readonly type: 'snapshots'; readonly tree: SnapshotTree };

/** What comes out of a `storage` port, as that of a `hardware` port does: what was asked for. */
export type StorageMessage =
  | { readonly type: 'pools'; readonly pools: readonly StoragePool[] }
  | ({ readonly type: 'volumes' } & Readonly<PoolVolumes>);

/** What comes out of a `download` port; closing the port cancels. After `saved`, or the end, nothing follows. */
export type DownloadMessage =
  | { readonly type: 'progress'; readonly doneBytes: number; readonly totalBytes: number }
  | { readonly type: 'saved'; readonly fileName: string };

/** What comes out of a `networks` port, as that of a `hardware` port does. */
export type NetworksMessage = { readonly type: 'networks'; readonly snapshot: NetworksSnapshot };
