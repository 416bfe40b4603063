import { join } from 'node:path';
import { test as base } from '@playwright/test';
import {
  diskXml,
  makeDisk,
  MIB,
  startStorageHost,
  type StorageHost,
} from '../../host-service/storage-host.ts';
import { Desktop } from './desktop.ts';

/** A host with the pool `disks`: a disk of a machine that runs, its base, and one that nobody uses. */
export const test = base.extend<{ desktop: Desktop }, { host: StorageHost }>({
  host: [
    async ({}, use) => {
      const host = await startStorageHost();
      try {
        await stock(host);
        await use(host);
      } finally {
        await host.stop();
      }
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  desktop: async ({ host }, use) => {
    await using desktop = await Desktop.launch({ pairingLink: await host.service.pairingLink() });
    await use(desktop);
  },
});

async function stock(host: StorageHost): Promise<void> {
  const path = host.folder('disks');
  const { id } = await host.api.storage.createPool({ name: 'disks', source: { type: 'dir', path } });
  const at = (name: string): string => join(path, name);
  await makeDisk(at('base.qcow2'), '20G');
  await makeDisk(at('web-1.qcow2'), '20G', '-b', at('base.qcow2'), '-F', 'qcow2');
  await host.define('web-1', diskXml(at('web-1.qcow2'), 'qcow2'));
  await host.libvirtd.virsh('start', 'web-1', '--paused');
  const wish = { poolId: id, name: 'forgotten.raw', format: 'raw', capacityBytes: 64 * MIB } as const;
  await host.ended(await host.api.storage.createVolume(wish));
  await host.api.storage.refreshPool({ poolId: id });
}

export { expect } from '@playwright/test';
