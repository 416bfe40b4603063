import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test as base } from '@playwright/test';
import { type Guest, bootGuest } from '../../fixtures/guest.ts';
import { type HostService, startHostService } from '../../fixtures/host-service.ts';
import { type PrivateLibvirtd, startLibvirtd } from '../../fixtures/libvirtd.ts';
import { privateStorage } from '../../fixtures/private-storage.ts';
import { Desktop } from './desktop.ts';

/** A hypervisor with a host service and one living guest, shared by the tests of a worker. */
export interface World {
  readonly libvirtd: PrivateLibvirtd;
  readonly host: HostService;
  /** A real Linux with a shell on its screen; tests leave it running. */
  readonly guest: Guest;
  /** The directory the host scans for images; empty but while a test has something there. */
  readonly scanned: string;
}

export const test = base.extend<{ desktop: Desktop }, { world: World }>({
  world: [
    async ({}, use) => {
      const libvirtd = await startLibvirtd({ name: 'e2e' });
      try {
        const guest = await bootGuest(libvirtd, { name: 'web-1', title: 'Front page' });
        const scanned = join(libvirtd.imagesDir, 'scanned');
        await mkdir(scanned);
        const { environment } = await privateStorage(libvirtd, {
          scanDirectories: [scanned],
          // Tests download from this computer.
          allowPrivateAddresses: ['127.0.0.0/8'],
        });
        const host = await startHostService({ libvirtd, environment });
        try {
          await use({ libvirtd, host, guest, scanned });
        } finally {
          await host.stop();
          await guest.events.close();
        }
      } finally {
        await libvirtd.stop();
      }
    },
    { scope: 'worker', timeout: 180_000 },
  ],
  /** A new desktop, paired with the world's host and signed in as its administrator. */
  desktop: async ({ world }, use) => {
    await using desktop = await Desktop.launch({ pairingLink: await world.host.pairingLink() });
    await use(desktop);
  },
});

export { expect } from '@playwright/test';

/** A machine that boots nothing: it only has a state. Starts in a third of a second. */
export function emptyMachineXml(name: string): string {
  return `<domain type='qemu'>
  <name>${name}</name><memory unit='MiB'>32</memory><vcpu>1</vcpu>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <devices><emulator>/usr/bin/qemu-system-x86_64</emulator></devices>
</domain>`;
}
