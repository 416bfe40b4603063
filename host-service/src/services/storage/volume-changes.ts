import type { Job, PoolId, Preallocation, StorageVolume } from '@limen/contract';
import { LimenError } from '@limen/contract';
import type { Jobs } from '../../ports/jobs.ts';
import type { Principal } from '../../ports/principal.ts';
import type { StoragePools } from '../../ports/storage-pools.ts';
import type { StorageVolumes, VolumeName } from '../../ports/storage-volumes.ts';
import { inUse } from './pool-changes.ts';
import { requirePool, type StockReader } from './stock.ts';
import { requireFormat } from './volume-jobs.ts';
import { volumeClaim } from './volume-users.ts';

export interface VolumeChangesDependencies {
  readonly jobs: Pick<Jobs, 'enqueue'>;
  readonly pools: Pick<StoragePools, 'read'>;
  readonly volumes: StorageVolumes;
  readonly stock: StockReader;
}

export interface NewVolumeWish extends VolumeName {
  readonly format: 'qcow2' | 'raw';
  readonly capacityBytes: number;
  readonly preallocation: Preallocation;
}

export interface CloneWish extends VolumeName {
  readonly targetPoolId?: PoolId | undefined;
  readonly newName: string;
  readonly format?: 'qcow2' | 'raw' | undefined;
  readonly capacityBytes?: number | undefined;
}

/** Kinds of pools whose volumes are files; others have devices, which are raw. */
const FOLDERS = ['dir', 'fs', 'netfs', 'gluster', 'vstorage'];

/** Makes, copies, resizes, wipes and deletes volumes. */
export class VolumeChanges {
  readonly #deps: VolumeChangesDependencies;

  constructor(deps: VolumeChangesDependencies) {
    this.#deps = deps;
  }

  /**
   * Rejects with `NOT_FOUND`, `CONFLICT` (`wrong-state` for a pool that does not run, `in-use` for LIMEN's own folders,
   * `name-taken`, `busy`), and `INVALID_INPUT` for a format or preallocation the pool's kind has not.
   */
  async create(principal: Principal, wish: NewVolumeWish): Promise<Job> {
    const { type } = await this.#requireTarget(wish.poolId);
    this.#requireFormatOf(type, wish.format);
    if (wish.preallocation === 'metadata' && wish.format !== 'qcow2')
      throw invalid('preallocation', 'only qcow2 has metadata');
    await this.#requireFreeName(wish);
    return this.#enqueue(principal, 'volume.create', [wish], { volume: wish });
  }

  /** Rejects as {@link create}, with `CONFLICT` (`in-use`) while a machine that runs uses it, and `UNSUPPORTED`. */
  async clone(principal: Principal, wish: CloneWish): Promise<Job> {
    const { stock } = this.#deps;
    const { poolId, name, targetPoolId = poolId, newName, capacityBytes } = wish;
    const { volume, users } = await stock.users({ poolId, name });
    const running = users.filter((user) => user.running);
    if (running.length > 0) throw inUse(running);
    if (volume.encrypted)
      throw new LimenError('UNSUPPORTED', { feature: 'copies of encrypted volumes', packages: [] });
    const { type } = await this.#requireTarget(targetPoolId);
    const format = wish.format ?? (FOLDERS.includes(type) ? requireFormat(volume.format) : 'raw');
    this.#requireFormatOf(type, format);
    if (capacityBytes !== undefined && capacityBytes < volume.capacityBytes)
      throw invalid('capacityBytes', `must be at least ${volume.capacityBytes}`);
    const to = { poolId: targetPoolId, name: newName, format };
    await this.#requireFreeName(to);
    const args = { from: { poolId, name }, to, capacityBytes: capacityBytes ?? null };
    return this.#enqueue(principal, 'volume.clone', [to, args.from], args);
  }

  /** Rejects as {@link create} does for a pool that takes no volumes, or none of that format. */
  async requireTarget(poolId: PoolId, format: 'qcow2' | 'raw'): Promise<void> {
    const { type } = await this.#requireTarget(poolId);
    this.#requireFormatOf(type, format);
  }

  /** Rejects with `CONFLICT` (`in-use`) while a machine that runs uses it, and `UNSUPPORTED`. */
  async open(
    name: VolumeName,
    signal: AbortSignal,
  ): Promise<{ readonly bytes: number; readonly stream: AsyncIterable<Uint8Array> }> {
    const { volume, users } = await this.#deps.stock.users(name);
    const running = users.filter((user) => user.running);
    if (running.length > 0) throw inUse(running);
    if (volume.type !== 'file' && volume.type !== 'block')
      throw new LimenError('UNSUPPORTED', { feature: `downloads of ${volume.type} volumes`, packages: [] });
    return this.#deps.volumes.download(volume, signal);
  }

  /** Rejects with `CONFLICT` (`in-use`): who runs on it, and for less also who else needs it. */
  async resize(name: VolumeName, capacityBytes: number, shrink: boolean): Promise<StorageVolume> {
    const { stock, volumes } = this.#deps;
    const { volume, users } = await stock.users(name);
    const isSmaller = capacityBytes < volume.capacityBytes;
    // A file that others show through to, or whose digest the library knows, must stay as it is.
    const inTheWay = isSmaller ? users : users.filter(({ kind, running }) => running || kind !== 'machine');
    if (inTheWay.length > 0) throw inUse(inTheWay);
    if (isSmaller && !shrink)
      throw invalid(
        'capacityBytes',
        `the volume has ${volume.capacityBytes} bytes; less loses what is beyond`,
      );
    await volumes.resize(name, capacityBytes, isSmaller);
    const { volumes: present } = await stock.read();
    const resized = present.get(name.poolId)?.find((each) => each.name === name.name);
    if (resized === undefined) throw new LimenError('NOT_FOUND', { kind: 'volume', id: name.name });
    return resized;
  }

  /** Rejects with `CONFLICT` (`in-use`, `busy`), and `UNSUPPORTED` for a format that could not be made anew. */
  async wipe(principal: Principal, name: VolumeName): Promise<Job> {
    const { volume, users } = await this.#deps.stock.users(name);
    if (users.length > 0) throw inUse(users);
    requireFormat(volume.format);
    if (volume.backingPath !== null || volume.encrypted || volume.type === 'dir')
      throw new LimenError('UNSUPPORTED', { feature: 'wiping linked or encrypted volumes', packages: [] });
    return this.#enqueue(principal, 'volume.wipe', [name], { volume: name });
  }

  /** Rejects with `CONFLICT` (`in-use`, or while libvirt works on it). */
  async delete(name: VolumeName): Promise<void> {
    const { users } = await this.#deps.stock.users(name);
    if (users.length > 0) throw inUse(users);
    await this.#deps.volumes.delete(name);
  }

  /** The first volume is the one that is changed, by one job at a time. */
  #enqueue(
    { userId, username }: Principal,
    kind: 'volume.create' | 'volume.clone' | 'volume.wipe',
    [volume, ...others]: readonly [VolumeName, ...VolumeName[]],
    args: object,
  ): Promise<Job> {
    return this.#deps.jobs.enqueue({
      kind,
      args: { ...args, claims: [volume, ...others].map(volumeClaim) },
      subject: { name: volume.name },
      createdBy: { userId, username },
      dedupeKey: volumeClaim(volume),
    });
  }

  async #requireTarget(poolId: PoolId): Promise<{ readonly type: string }> {
    const { pools, stock } = this.#deps;
    const pool = await pools.read(poolId);
    if (pool.state !== 'running')
      throw new LimenError('CONFLICT', { reason: 'wrong-state', state: pool.state });
    // Files there are machines' and the library's, which make them by themselves.
    if (stock.isOwn(pool)) throw inUse([{ name: 'LIMEN' }]);
    return pool;
  }

  #requireFormatOf(type: string, format: 'qcow2' | 'raw'): void {
    if (format === 'qcow2' && !FOLDERS.includes(type))
      throw invalid('format', `volumes of ${type} pools are raw`);
  }

  async #requireFreeName({ poolId, name }: VolumeName): Promise<void> {
    const stock = await this.#deps.stock.read();
    requirePool(stock, poolId);
    if (stock.volumes.get(poolId)?.some((volume) => volume.name === name) === true)
      throw new LimenError('CONFLICT', { reason: 'name-taken', names: [name] });
  }
}

function invalid(field: string, message: string): LimenError<'INVALID_INPUT'> {
  return new LimenError('INVALID_INPUT', { issues: [{ path: [field], message }] });
}
