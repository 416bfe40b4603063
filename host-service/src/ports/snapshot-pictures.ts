import type { MachineId } from '@limen/contract';

/** Which picture: a name may be used again later. */
export interface PictureKey {
  readonly machineId: MachineId;
  readonly name: string;
  readonly createdAt: Date;
}

/** Pictures of screens at the moments of snapshots, kept in the data directory. PNG. */
export interface SnapshotPictures {
  keep(key: PictureKey, png: Buffer): Promise<void>;
  /** Null when there is none. */
  read(key: PictureKey): Promise<Buffer | null>;
  /** Which of these have one; pictures of the machine that are of none of them are removed. */
  among(machineId: MachineId, keys: readonly PictureKey[]): Promise<ReadonlySet<PictureKey>>;
  /** All of a machine's. */
  forget(machineId: MachineId): Promise<void>;
}
