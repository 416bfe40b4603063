import { LimenError } from '@limen/contract';
import { LibvirtError, type LibvirtClient, PoolXml, procedures } from 'node-libvirt';

const { connect, pools } = procedures;

/** Make other tools see a folder: a libvirt pool of kind `dir`, active and started with the host. */
export async function ensurePool(client: LibvirtClient, name: string, targetPath: string): Promise<void> {
  const known = await client.call(connect.listAllPools, {});
  const definitions = await Promise.all(
    known.map(async (pool) => ({ pool, xml: await client.call(pools.getXmlDesc, { pool }) })),
  );
  const existing = definitions.find(
    ({ pool, xml }) => pool.name === name || PoolXml.parse(xml).targetPath === targetPath,
  );
  const xml = PoolXml.create({ type: 'dir', name, targetPath }).toString();
  const pool = existing?.pool ?? (await client.call(pools.define, { xml }));
  await client.call(pools.setAutostart, { pool, autostart: true });
  if (!(await client.call(pools.isActive, { pool }))) {
    try {
      await client.call(pools.create, { pool });
    } catch (error) {
      // Somebody else was faster.
      if (!(error instanceof LibvirtError) || !(await client.call(pools.isActive, { pool }))) throw error;
    }
  }
  await client.call(pools.refresh, { pool });
}

/** Kinds of pools whose volumes are files in a folder. */
const FOLDERS: ReadonlySet<string> = new Set(['dir', 'fs', 'netfs']);

/** Throws `NOT_FOUND`, `CONFLICT` (`wrong-state`) for a pool that is not active, `UNSUPPORTED` for one that is no folder. */
export async function poolFolder(client: LibvirtClient, name: string): Promise<string> {
  const known = await client.call(connect.listAllPools, {});
  const pool = known.find((each) => each.name === name);
  if (pool === undefined) throw new LimenError('NOT_FOUND', { kind: 'pool', id: name });
  const [active, xml] = await Promise.all([
    client.call(pools.isActive, { pool }),
    client.call(pools.getXmlDesc, { pool }),
  ]);
  if (!active) throw new LimenError('CONFLICT', { reason: 'wrong-state', state: 'inactive' });
  const { type, targetPath } = PoolXml.parse(xml);
  if (targetPath === null || !FOLDERS.has(type ?? ''))
    throw new LimenError('UNSUPPORTED', {
      feature: `disks in pools of the kind ${type ?? ''}`,
      packages: [],
    });
  return targetPath;
}
