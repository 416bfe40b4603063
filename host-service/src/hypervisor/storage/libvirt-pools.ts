import { LimenError, type PoolId, poolId, type PoolState, type PoolTypeSupport } from '@limen/contract';
import {
  ErrorCode,
  events,
  hasCode,
  isOperationInvalid,
  type LibvirtClient,
  LibvirtError,
  type PoolRef,
  PoolXml,
  procedures,
} from 'node-libvirt';
import type { Unsubscribe } from '../../ports/hypervisor.ts';
import type { NewPool, PoolReading, StoragePools } from '../../ports/storage-pools.ts';
import { translated } from '../errors.ts';
import { mapConcurrently } from '../map-concurrently.ts';
import { describeSource, poolDefinition } from './pool-definition.ts';
import { readPoolTypes } from './pool-types.ts';
import { translatedStorage } from './storage-errors.ts';

const { connect, pools } = procedures;

const AT_ONCE = 4;
/** A server that is not there keeps `mount` waiting for as long as two minutes. */
const STORAGE = { timeoutMs: 180_000 };

/** By `virStoragePoolState`. */
const states: readonly PoolState[] = ['inactive', 'building', 'running', 'degraded', 'inaccessible'];

/** The daemon looks pools up by UUID alone. */
export function poolRef(id: PoolId): PoolRef {
  return { name: '', uuid: id };
}

/** The port `StoragePools` on a libvirt connection. */
export class LibvirtStoragePools implements StoragePools {
  readonly #client: LibvirtClient;
  readonly #listeners = new Set<(poolId: PoolId) => void>();

  constructor(client: LibvirtClient) {
    this.#client = client;
    const announce = ({ pool }: { readonly pool: PoolRef }): void => {
      const id = poolId.parse(pool.uuid);
      for (const listener of this.#listeners) listener(id);
    };
    client.onEvent(events.pool.lifecycle, announce);
    client.onEvent(events.pool.refresh, announce);
  }

  types(): Promise<PoolTypeSupport[]> {
    return translated(() => readPoolTypes(this.#client));
  }

  async list(): Promise<PoolReading[]> {
    const known = await translated(() => this.#client.call(connect.listAllPools, {}));
    const read = await mapConcurrently(known, AT_ONCE, ({ uuid }) =>
      this.read(poolId.parse(uuid)).catch((error: unknown) => {
        // It vanished meanwhile.
        if (LimenError.is(error, 'NOT_FOUND')) return null;
        throw error;
      }),
    );
    return read
      .filter((pool) => pool !== null)
      .toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  }

  read(id: PoolId): Promise<PoolReading> {
    const pool = poolRef(id);
    return translatedStorage({ pool: id }, async () => {
      const [xml, info, autostart, persistent] = await Promise.all([
        this.#client.call(pools.getXmlDesc, { pool }),
        this.#client.call(pools.getInfo, { pool }),
        this.#client.call(pools.getAutostart, { pool }),
        this.#client.call(pools.isPersistent, { pool }),
      ]);
      const definition = PoolXml.parse(xml);
      const state = states[info.state] ?? 'inaccessible';
      // libvirt goes on telling what it saw last of a pool that does not run any more.
      const known = state === 'inactive' ? { capacity: 0, allocation: 0, available: 0 } : info;
      return {
        id,
        name: definition.name,
        type: definition.type,
        state,
        autostart,
        persistent,
        path: definition.targetPath,
        source: describeSource(definition),
        capacityBytes: known.capacity,
        allocatedBytes: known.allocation,
        availableBytes: known.available,
      };
    });
  }

  onChanged(listener: (poolId: PoolId) => void): Unsubscribe {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  define(pool: NewPool): Promise<void> {
    return translatedStorage({ pool: pool.name }, async () => {
      try {
        await this.#client.call(pools.define, { xml: poolDefinition(pool) });
      } catch (error) {
        // libvirt says it with the code for everything that fails; the name is looked for rather than its words.
        if (error instanceof LibvirtError && (await this.#hasName(pool.name)))
          throw new LimenError('CONFLICT', { reason: 'name-taken', names: [pool.name] }, { cause: error });
        throw error;
      }
    });
  }

  build(id: PoolId): Promise<void> {
    return this.#call(id, (pool) => this.#client.call(pools.build, { pool }, STORAGE));
  }

  start(id: PoolId): Promise<void> {
    return this.#unlessSo(id, true, (pool) => this.#client.call(pools.create, { pool }, STORAGE));
  }

  stop(id: PoolId): Promise<void> {
    return this.#unlessSo(id, false, (pool) => this.#client.call(pools.destroy, { pool }, STORAGE));
  }

  setAutostart(id: PoolId, autostart: boolean): Promise<void> {
    return this.#call(id, (pool) => this.#client.call(pools.setAutostart, { pool, autostart }));
  }

  refresh(id: PoolId): Promise<void> {
    return this.#call(id, (pool) => this.#client.call(pools.refresh, { pool }, STORAGE));
  }

  removeFolder(id: PoolId): Promise<void> {
    return this.#call(id, async (pool) => {
      try {
        await this.#client.call(pools.delete, { pool }, STORAGE);
      } catch (error) {
        // Something that is no volume lies in it, or it is a mount point of others: then it stays.
        if (!(error instanceof LibvirtError) || hasCode(error, ErrorCode.noStoragePool)) throw error;
      }
    });
  }

  async undefine(id: PoolId): Promise<void> {
    try {
      await this.#call(id, (pool) => this.#client.call(pools.undefine, { pool }));
    } catch (error) {
      if (!LimenError.is(error, 'NOT_FOUND')) throw error;
    }
  }

  #call(id: PoolId, work: (pool: PoolRef) => Promise<unknown>): Promise<void> {
    return translatedStorage({ pool: id }, async () => {
      await work(poolRef(id));
    });
  }

  /** What is so already, or has become so by somebody else, is fine. */
  #unlessSo(id: PoolId, active: boolean, work: (pool: PoolRef) => Promise<unknown>): Promise<void> {
    return this.#call(id, async (pool) => {
      const isSo = async (): Promise<boolean> =>
        (await this.#client.call(pools.isActive, { pool })) === active;
      if (await isSo()) return;
      try {
        await work(pool);
      } catch (error) {
        if (!isOperationInvalid(error) || !(await isSo())) throw error;
      }
    });
  }

  async #hasName(name: string): Promise<boolean> {
    const known = await this.#client.call(connect.listAllPools, {});
    return known.some((pool) => pool.name === name);
  }
}
