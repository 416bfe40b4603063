import { z } from 'zod';

/** Lower-case RFC 9562 UUID. All ids of LIMEN are UUIDs, branded so that one kind never passes for another. */
const uuid = z.uuid().toLowerCase();

/**
 * A machine's id **is** its libvirt domain UUID. libvirt takes any 128 bits for one, and machines converted from
 * other hypervisors have such that are no RFC 9562 UUIDs.
 */
export const machineId = z.guid().toLowerCase().brand<'MachineId'>();
export type MachineId = z.infer<typeof machineId>;

/** Identity of one host service; made at `limen-host init`, kept in its data directory. */
export const hostId = uuid.brand<'HostId'>();
export type HostId = z.infer<typeof hostId>;

export const userId = uuid.brand<'UserId'>();
export type UserId = z.infer<typeof userId>;

export const sessionId = uuid.brand<'SessionId'>();
export type SessionId = z.infer<typeof sessionId>;

/** The desktop's own id for a host it was told to connect to; exists before the host has ever answered. */
export const hostLinkId = uuid.brand<'HostLinkId'>();
export type HostLinkId = z.infer<typeof hostLinkId>;

/** A piece of long work; see `records/job.ts`. */
export const jobId = uuid.brand<'JobId'>();
export type JobId = z.infer<typeof jobId>;

/** A storage pool: its id **is** its libvirt UUID. */
export const poolId = z.guid().toLowerCase().brand<'PoolId'>();
export type PoolId = z.infer<typeof poolId>;

/** An entry of a host's image library. */
export const imageId = uuid.brand<'ImageId'>();
export type ImageId = z.infer<typeof imageId>;

/** A libvirt network's own UUID; libvirt takes any 128 bits for one. */
export const networkId = z.guid().toLowerCase().brand<'NetworkId'>();
export type NetworkId = z.infer<typeof networkId>;
