import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import { expect, test } from 'vitest';
import { ErrorCode } from '../../src/errors/codes.ts';
import { procedures } from '../../src/procedures/index.ts';
import { PoolBuildFlag, VolumeInfoFlag, WipeAlgorithm } from '../../src/procedures/storage-flags.ts';
import type { TableBench } from './bench.ts';
import { refusal } from './executed.ts';

const { connect, pools, volumes } = procedures;
const MIB = 1024 ** 2;

export function storageCalls(bench: TableBench): void {
  const poolXml = (name: string) =>
    `<pool type='dir'><name>${name}</name><target><path>${join(bench.daemon.imagesDir, name)}</path></target></pool>`;

  test('a pool’s life', async () => {
    const { qemu } = bench;
    const pool = await qemu.call(pools.define, { xml: poolXml('table') });
    await qemu.call(pools.build, { pool, flags: PoolBuildFlag.new });
    await qemu.call(pools.create, { pool });
    expect(await qemu.call(connect.listAllPools, {})).toEqual([pool]);
    expect(await qemu.call(pools.lookupByName, { name: 'table' })).toEqual(pool);
    expect(await qemu.call(pools.lookupByUuid, { uuid: pool.uuid })).toEqual(pool);
    const path = join(bench.daemon.imagesDir, 'table');
    expect(await qemu.call(pools.lookupByTargetPath, { path })).toEqual(pool);
    expect(await qemu.call(pools.isActive, { pool })).toBe(true);
    expect(await qemu.call(pools.isPersistent, { pool })).toBe(true);
    await qemu.call(pools.setAutostart, { pool, autostart: true });
    expect(await qemu.call(pools.getAutostart, { pool })).toBe(true);
    expect((await qemu.call(pools.getInfo, { pool })).capacity).toBeGreaterThan(0);
    expect(await qemu.call(pools.getXmlDesc, { pool })).toContain(pool.uuid);
    await qemu.call(pools.refresh, { pool });
    expect(await qemu.call(pools.listVolumes, { pool })).toEqual([]);
    await qemu.call(pools.destroy, { pool });
    await qemu.call(pools.delete, { pool });
    await qemu.call(pools.undefine, { pool });
    expect(await refusal(qemu.call(pools.getInfo, { pool }))).toBe(ErrorCode.noStoragePool);
  });

  test('a volume’s life', async () => {
    const { qemu } = bench;
    const pool = await qemu.call(pools.createXml, { xml: poolXml('volumes'), flags: PoolBuildFlag.create });
    const volume = await qemu.call(volumes.create, { pool, xml: volumeXml('one') });
    expect(await qemu.call(pools.lookupByVolume, { volume })).toEqual(pool);
    expect(await qemu.call(volumes.lookupByName, { pool, name: 'one' })).toEqual(volume);
    expect(await qemu.call(volumes.lookupByKey, { key: volume.key })).toEqual(volume);
    const path = await qemu.call(volumes.getPath, { volume });
    expect(await qemu.call(volumes.lookupByPath, { path })).toEqual(volume);
    expect(await qemu.call(volumes.getXmlDesc, { volume })).toContain('<name>one</name>');

    const data = Buffer.alloc(MIB, 'limen');
    const upload = await qemu.openStream(volumes.upload, { volume, offset: 0, length: MIB });
    upload.stream.end(data);
    await finished(upload.stream);
    const clone = await qemu.call(volumes.createFrom, { pool, xml: volumeXml('two'), source: volume });
    const whole = { volume: clone, offset: 0, length: 0 };
    const copied = await qemu.openStream(volumes.download, whole);
    expect((await buffer(copied.stream)).equals(data)).toBe(true);

    await qemu.call(volumes.wipe, { volume: clone });
    const wiped = await qemu.openStream(volumes.download, whole);
    expect((await buffer(wiped.stream)).equals(Buffer.alloc(MIB))).toBe(true);
    await qemu.call(volumes.wipePattern, { volume: clone, algorithm: WipeAlgorithm.zero });

    await qemu.call(volumes.resize, { volume, capacity: 2 * MIB });
    expect((await qemu.call(volumes.getInfo, { volume })).capacity).toBe(2 * MIB);
    const flags = VolumeInfoFlag.physical;
    expect((await qemu.call(volumes.getInfoFlags, { volume, flags })).allocation).toBe(2 * MIB);
    await qemu.call(volumes.delete, { volume: clone });
    expect(await qemu.call(pools.listVolumes, { pool })).toEqual([volume]);
    await qemu.call(volumes.delete, { volume });
    expect(await refusal(qemu.call(volumes.getInfo, { volume }))).toBe(ErrorCode.noStorageVol);
    await qemu.call(pools.destroy, { pool });
  });
}

function volumeXml(name: string): string {
  return `<volume><name>${name}</name><capacity unit='bytes'>${MIB}</capacity></volume>`;
}
