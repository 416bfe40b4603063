import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { Transform } from 'node:stream';
import type { PoolId } from '@limen/contract';
import { LimenError } from '@limen/contract';
import {
  ErrorCode,
  hasCode,
  type Hole,
  isOperationInvalid,
  type LibvirtClient,
  procedures,
  VolumeCreateFlag,
  type VolumeRef,
  VolumeResizeFlag,
  VolumeXml,
} from 'node-libvirt';
import type {
  NewVolume,
  StorageVolumes,
  VolumeName,
  VolumeReading,
  VolumeWork,
} from '../../ports/storage-volumes.ts';
import { mapConcurrently } from '../map-concurrently.ts';
import { poolRef } from './libvirt-pools.ts';
import { followConversion } from './conversion-progress.ts';
import { translatedStorage } from './storage-errors.ts';

const { pools, volumes } = procedures;

const AT_ONCE = 4;
/** Moving contents takes as long as it must; a job's signal and the connection's end are what end it. */
const UNLIMITED = { timeoutMs: 7 * 24 * 60 * 60_000 };
const STORAGE = { timeoutMs: 180_000 };
/** Of a file, read at once. */
const PIECE_BYTES = 1 << 20;
/** `VIR_STORAGE_VOL_DOWNLOAD_SPARSE_STREAM`, and the same of uploads. */
const SPARSE = 1;

/** The port `StorageVolumes` on a libvirt connection. */
export class LibvirtStorageVolumes implements StorageVolumes {
  readonly #client: LibvirtClient;

  constructor(client: LibvirtClient) {
    this.#client = client;
  }

  list(id: PoolId): Promise<VolumeReading[]> {
    const pool = poolRef(id);
    return translatedStorage({ pool: id }, async () => {
      if (!(await this.#client.call(pools.isActive, { pool }))) return [];
      const known = await this.#listed(pool);
      const read = await mapConcurrently(known, AT_ONCE, (volume) => this.#readOrNull(id, volume));
      return read
        .filter((volume) => volume !== null)
        .toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
    });
  }

  read(name: VolumeName): Promise<VolumeReading> {
    return this.#on(name, (volume) => this.#read(name.poolId, volume));
  }

  create(wanted: NewVolume, work?: VolumeWork): Promise<void> {
    const options = { ...UNLIMITED, ...(work && { signal: work.signal }) };
    return translatedStorage({ pool: wanted.poolId, volume: wanted.name }, async () => {
      const flags = wanted.preallocation === 'metadata' ? VolumeCreateFlag.preallocateMetadata : 0;
      const pool = poolRef(wanted.poolId);
      await this.#client.call(volumes.create, { pool, xml: describe(wanted), flags }, options);
    });
  }

  copyContents(from: VolumeReading, to: VolumeReading, { signal, onProgress }: VolumeWork): Promise<void> {
    return translatedStorage({ pool: from.poolId, volume: from.name }, async () => {
      const sparse = from.type === 'file' && to.type === 'file';
      const options = { signal, sparse };
      const range = { offset: 0, length: 0, flags: sparse ? SPARSE : 0 };
      const [source, target] = [await this.#find(from), await this.#find(to)];
      const reading = await this.#client.openStream(volumes.download, { volume: source, ...range }, options);
      try {
        const writing = await this.#client.openStream(volumes.upload, { volume: target, ...range }, options);
        const count = counting((done) =>
          onProgress?.(Math.min(done, from.physicalBytes), from.physicalBytes),
        );
        await pipeline(reading.stream, count, writing.stream, { signal });
      } finally {
        reading.stream.destroy();
      }
    });
  }

  fill(name: VolumeName, path: string, { signal, onProgress }: VolumeWork): Promise<void> {
    return this.#on(name, async (volume) => {
      const total = (await stat(path)).size;
      const range = { offset: 0, length: 0, flags: 0 };
      const { stream } = await this.#client.openStream(volumes.upload, { volume, ...range }, { signal });
      const count = counting((done) => onProgress?.(done, total));
      await pipeline(createReadStream(path, { highWaterMark: PIECE_BYTES }), count, stream, { signal });
    });
  }

  convert(from: VolumeName, to: NewVolume, { signal, onProgress }: VolumeWork): Promise<void> {
    return translatedStorage({ pool: to.poolId, volume: to.name }, async () => {
      const source = await this.#find(from);
      const expected = (await this.#read(from.poolId, source)).allocatedBytes;
      const follow = followConversion(
        async () => (await this.read(to)).allocatedBytes,
        (done) => onProgress?.(Math.min(done, expected), expected),
      );
      try {
        // Here alone the daemon goes by the name: without it, it takes one pool for two and waits for itself for ever.
        const pool = await this.#client.call(pools.lookupByUuid, { uuid: to.poolId });
        const args = { pool, xml: describe(to), source };
        await this.#client.call(volumes.createFrom, args, { ...UNLIMITED, signal });
      } finally {
        follow.stop();
      }
    });
  }

  download(
    from: VolumeReading,
    signal: AbortSignal,
  ): Promise<{ readonly bytes: number; readonly stream: AsyncIterable<Uint8Array> }> {
    return this.#on(from, async (volume) => {
      // Said in advance, so that nothing that is written behind it meanwhile comes too.
      const bytes = from.physicalBytes;
      const range = { offset: 0, length: bytes, flags: 0 };
      const { stream } = await this.#client.openStream(volumes.download, { volume, ...range }, { signal });
      return { bytes, stream };
    });
  }

  resize(name: VolumeName, capacityBytes: number, shrink: boolean): Promise<void> {
    return this.#on(name, async (volume) => {
      const flags = shrink ? VolumeResizeFlag.shrink : 0;
      await this.#client.call(volumes.resize, { volume, capacity: capacityBytes, flags }, STORAGE);
    });
  }

  wipe(name: VolumeName, { signal }: VolumeWork): Promise<void> {
    return this.#on(name, async (volume) => {
      await this.#client.call(volumes.wipe, { volume }, { ...UNLIMITED, signal });
    });
  }

  async delete(name: VolumeName): Promise<void> {
    try {
      await this.#on(name, (volume) => this.#client.call(volumes.delete, { volume }, STORAGE));
    } catch (error) {
      if (!LimenError.is(error, 'NOT_FOUND')) throw error;
    }
  }

  #on<T>(name: VolumeName, work: (volume: VolumeRef) => Promise<T>): Promise<T> {
    return translatedStorage({ pool: name.poolId, volume: name.name }, async () =>
      work(await this.#find(name)),
    );
  }

  async #find({ poolId, name }: VolumeName): Promise<VolumeRef> {
    return this.#client.call(volumes.lookupByName, { pool: poolRef(poolId), name });
  }

  /** Of a pool that was stopped meanwhile there are none. */
  async #listed(pool: ReturnType<typeof poolRef>): Promise<readonly VolumeRef[]> {
    try {
      return await this.#client.call(pools.listVolumes, { pool });
    } catch (error) {
      if (isOperationInvalid(error)) return [];
      throw error;
    }
  }

  async #readOrNull(poolId: PoolId, volume: VolumeRef): Promise<VolumeReading | null> {
    try {
      return await this.#read(poolId, volume);
    } catch (error) {
      // It vanished meanwhile, or its pool was stopped.
      if (hasCode(error, ErrorCode.noStorageVol) || isOperationInvalid(error)) return null;
      throw error;
    }
  }

  async #read(poolId: PoolId, volume: VolumeRef): Promise<VolumeReading> {
    const description = VolumeXml.parse(await this.#client.call(volumes.getXmlDesc, { volume }));
    const { modifiedAt } = description;
    return {
      poolId,
      name: description.name,
      type: description.type ?? 'file',
      key: description.key,
      path: description.path,
      format: description.format,
      capacityBytes: description.capacity,
      allocatedBytes: description.allocation,
      physicalBytes: description.physical ?? description.capacity,
      backingPath: description.backing?.path || null,
      encrypted: description.encryption !== null,
      modifiedAt: modifiedAt === null ? null : new Date(modifiedAt * 1000).toISOString(),
    };
  }
}

function describe({ name, format, capacityBytes, preallocation }: NewVolume): string {
  const allocation = preallocation === 'full' ? capacityBytes : 0;
  // Older than qcow2 1.1 knows no zeroed clusters: a copy would write every zero.
  const compat = format === 'qcow2' ? ({ compat: '1.1' } as const) : {};
  return VolumeXml.create({ name, capacity: capacityBytes, allocation, format, ...compat }).toString();
}

/** Passes a stream on and tells how much has gone through. */
function counting(tell: (bytes: number) => void): Transform {
  let bytes = 0;
  return new Transform({
    objectMode: true,
    transform(chunk: Buffer | Hole, _encoding, done) {
      bytes += chunk instanceof Uint8Array ? chunk.length : chunk.hole;
      tell(bytes);
      done(null, chunk);
    },
  });
}
