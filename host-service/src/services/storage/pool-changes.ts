import { randomUUID } from 'node:crypto';
import { LimenError, type PoolId, poolId, type PoolSource, type StoragePool } from '@limen/contract';
import type { HostPaths } from '../../ports/host-paths.ts';
import type { Logger } from '../../ports/logger.ts';
import type { StoragePools } from '../../ports/storage-pools.ts';
import type { StorageVolumes } from '../../ports/storage-volumes.ts';
import { refusedPoolFolder } from './pool-paths.ts';
import { requirePool, type StockReader } from './stock.ts';

export interface PoolChangesDependencies {
  readonly pools: StoragePools;
  readonly volumes: Pick<StorageVolumes, 'delete'>;
  readonly paths: HostPaths;
  readonly stock: StockReader;
  /** LIMEN's own folders, which never become a pool of somebody's. */
  readonly ownFolders: readonly string[];
  readonly logger: Logger;
}

export interface PoolWish {
  readonly name: string;
  readonly source: PoolSource;
  readonly autostart: boolean;
}

/** Kinds whose volumes are found in a folder, which may have to be made. */
type FolderSource = Extract<PoolSource, { readonly path: string }>;

/** Makes, starts, stops and forgets pools. */
export class PoolChanges {
  readonly #deps: PoolChangesDependencies;

  constructor(deps: PoolChangesDependencies) {
    this.#deps = deps;
  }

  /**
   * Define, build and start it; what was made of it is taken back when one of them fails. Rejects with `INVALID_INPUT`
   * for a folder that is no place for a pool, `UNSUPPORTED` for a kind this host cannot have, `CONFLICT`
   * (`name-taken`), and with libvirt's reason when it cannot be started.
   */
  async create({ name, source, autostart }: PoolWish): Promise<PoolId> {
    const { pools } = this.#deps;
    const support = (await pools.types()).find(({ type }) => type === source.type);
    if (support?.supported !== true) {
      const packages = support?.packages ?? [];
      throw new LimenError('UNSUPPORTED', { feature: `storage pools of type ${source.type}`, packages });
    }
    const folder = 'path' in source ? await this.#requireFolder(source) : 'none';
    const id = poolId.parse(randomUUID());
    await pools.define({ id, name, source });
    try {
      if (folder !== 'none') await pools.build(id);
      await pools.start(id);
      await pools.setAutostart(id, autostart);
    } catch (error) {
      await this.#takeBack(id, folder === 'absent');
      throw error;
    }
    return id;
  }

  start(id: PoolId): Promise<void> {
    return this.#deps.pools.start(id);
  }

  /** Rejects with `CONFLICT` (`in-use`) while running machines have disks on it, and for LIMEN's own. */
  async stop(id: PoolId): Promise<void> {
    await this.#requireFree(id);
    await this.#deps.pools.stop(id);
  }

  /** Rejects with `CONFLICT` (`in-use`) for LIMEN's own, which always starts. */
  async setAutostart(id: PoolId, autostart: boolean): Promise<void> {
    if (!autostart) requireForeign(await this.#deps.stock.pool(id));
    await this.#deps.pools.setAutostart(id, autostart);
  }

  refresh(id: PoolId): Promise<void> {
    return this.#deps.pools.refresh(id);
  }

  /**
   * Forget it, and leave what lies in it alone; or delete that first, when every volume has been named. Rejects with
   * `CONFLICT`: `in-use`, `changed` when the names are not those that are there, `wrong-state` when the volumes of a
   * pool that does not run are to be deleted.
   */
  async delete(id: PoolId, deleteVolumes: readonly string[] | undefined): Promise<void> {
    const { pools } = this.#deps;
    const pool = await this.#requireFree(id);
    if (deleteVolumes !== undefined) await this.#deleteVolumes(pool, deleteVolumes);
    await pools.stop(id);
    if (deleteVolumes !== undefined) await pools.removeFolder(id);
    await pools.undefine(id);
  }

  async #deleteVolumes({ id, state }: StoragePool, names: readonly string[]): Promise<void> {
    const { pools, stock, volumes } = this.#deps;
    if (state === 'inactive') throw new LimenError('CONFLICT', { reason: 'wrong-state', state });
    // Others may have put something there that nobody has agreed to lose.
    await pools.refresh(id);
    const present = (await stock.read()).volumes.get(id) ?? [];
    const unnamed = present.filter(({ name }) => !names.includes(name)).map(({ name }) => name);
    const missing = names.filter((name) => !present.some((volume) => volume.name === name));
    const different = [...unnamed, ...missing];
    if (different.length > 0) throw new LimenError('CONFLICT', { reason: 'changed', names: different });
    const users = present.flatMap(({ usedBy }) => usedBy);
    // What only others in the same pool show through to goes with them.
    const strangers = users.filter(({ kind, name }) => kind !== 'volume' || !names.includes(name));
    if (strangers.length > 0) throw inUse(strangers);
    for (const { name } of present) await volumes.delete({ poolId: id, name });
  }

  /** Rejects with `CONFLICT` (`in-use`) for LIMEN's own, and while machines that run have disks on it. */
  async #requireFree(id: PoolId): Promise<StoragePool> {
    const stock = await this.#deps.stock.read();
    const pool = requirePool(stock, id);
    requireForeign(pool);
    const users = (stock.volumes.get(id) ?? []).flatMap(({ usedBy }) => usedBy);
    const busy = users.filter(({ kind, running }) => running || kind === 'job');
    if (busy.length > 0) throw inUse(busy);
    return pool;
  }

  /** Resolves to whether there is such a folder already. */
  async #requireFolder(source: FolderSource): Promise<'there' | 'absent'> {
    const { paths, ownFolders, stock } = this.#deps;
    const canonical = await paths.canonical(source.path);
    const own = [...ownFolders, ...(await Promise.all(ownFolders.map((each) => paths.canonical(each))))];
    const reason = refusedPoolFolder(source.path, own) ?? refusedPoolFolder(canonical, own);
    if (reason !== null) throw invalidPath(reason);
    const kind = await paths.kind(canonical);
    if (kind !== null && kind !== 'folder') throw invalidPath('is no folder');
    if (source.type !== 'dir' && (await paths.isEmptyFolder(canonical)) === false)
      throw invalidPath(
        'is not empty, and what is in it could not be reached while something is mounted there',
      );
    const { pools } = await stock.read();
    const taken = pools.find(({ path }) => path === canonical || path === source.path);
    if (taken !== undefined) throw invalidPath(`is the pool ${taken.name} already`);
    return kind === null ? 'absent' : 'there';
  }

  /** A folder that was there before stays. */
  async #takeBack(id: PoolId, madeFolder: boolean): Promise<void> {
    const { pools, logger } = this.#deps;
    try {
      await pools.stop(id);
      if (madeFolder) await pools.removeFolder(id);
      await pools.undefine(id);
    } catch (error) {
      logger.warn({ poolId: id, err: error }, 'could not take back a pool that did not start');
    }
  }
}

function requireForeign({ own, name }: StoragePool): void {
  if (own)
    throw new LimenError(
      'CONFLICT',
      { reason: 'in-use', names: ['LIMEN'] },
      { message: `${name} is LIMEN's own` },
    );
}

function invalidPath(message: string): LimenError<'INVALID_INPUT'> {
  return new LimenError('INVALID_INPUT', { issues: [{ path: ['source', 'path'], message }] });
}

/** Somebody stands in the way, by name. */
export function inUse(users: readonly { readonly name: string }[]): LimenError<'CONFLICT'> {
  const names = [...new Set(users.map(({ name }) => name))];
  return new LimenError('CONFLICT', { reason: 'in-use', names });
}
