import { type JobId, LimenError } from '@limen/contract';
import type { StoragePools } from '../../ports/storage-pools.ts';
import type { NewVolume, StorageVolumes, VolumeName, VolumeWork } from '../../ports/storage-volumes.ts';

export interface NewVolumesDependencies {
  readonly pools: Pick<StoragePools, 'refresh'>;
  readonly volumes: StorageVolumes;
}

/** What a job that makes a volume has recorded before it acts. */
export interface NewVolumeState {
  /** There was no volume of that name. */
  readonly absent: true;
}

/**
 * Makes the volumes of jobs. libvirt cannot tell whose a volume is, so a job looks first, and records that there was
 * none of its name: what is there when it is repeated, or undone, is its own then.
 */
export class NewVolumes {
  readonly #deps: NewVolumesDependencies;
  /** Jobs that looked in this life of the process and have not acted since. */
  readonly #looked = new Set<JobId>();
  /** Jobs that somebody else was faster than: nothing of that name is theirs. */
  readonly #beaten = new Set<JobId>();

  constructor(deps: NewVolumesDependencies) {
    this.#deps = deps;
  }

  /** Rejects with `CONFLICT` (`name-taken`), also for what libvirt had not seen yet. */
  async look(jobId: JobId, volume: VolumeName): Promise<NewVolumeState> {
    await this.#deps.pools.refresh(volume.poolId).catch((error: unknown) => {
      // It is busy with something; then what it knows must do.
      if (!LimenError.is(error, 'CONFLICT') && !LimenError.is(error, 'HYPERVISOR_ERROR')) throw error;
    });
    if (await this.#isThere(volume))
      throw new LimenError('CONFLICT', { reason: 'name-taken', names: [volume.name] });
    this.#looked.add(jobId);
    return { absent: true };
  }

  /** An empty volume, also when an earlier attempt left something. Rejects with `CONFLICT` (`name-taken`). */
  async make(jobId: JobId, volume: NewVolume, work?: VolumeWork): Promise<void> {
    const isFirst = this.#looked.delete(jobId);
    if (!isFirst) await this.#deps.volumes.delete(volume);
    try {
      await this.#deps.volumes.create(volume, work);
    } catch (error) {
      if (isFirst && LimenError.is(error, 'CONFLICT') && error.data.reason === 'name-taken')
        this.#beaten.add(jobId);
      throw error;
    }
  }

  /** Nothing there is fine. Rejects while libvirt still works on it: ask again. */
  async takeBack(jobId: JobId, volume: VolumeName): Promise<void> {
    this.#looked.delete(jobId);
    if (this.#beaten.delete(jobId)) return;
    await this.#deps.volumes.delete(volume);
  }

  async #isThere(volume: VolumeName): Promise<boolean> {
    try {
      await this.#deps.volumes.read(volume);
      return true;
    } catch (error) {
      if (LimenError.is(error, 'NOT_FOUND') && error.data.kind === 'volume') return false;
      throw error;
    }
  }
}
