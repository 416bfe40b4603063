import { test as base } from '@playwright/test';
import { type HardwareHost, startHardwareHost } from '../../host-service/hardware-host.ts';
import { withScreen } from '../../host-service/snapshots-host.ts';
import { Desktop } from './desktop.ts';

/** The host's one running machine: a qcow2 disk, a screen, an agent. */
export const MACHINE = 'moments';

/** A host with a booted guest that snapshots can be taken of, shared by the tests of a worker, and a desktop for each. */
export const test = base.extend<{ desktop: Desktop }, { host: HardwareHost }>({
  host: [
    async ({}, use) => {
      const host = await startHardwareHost();
      try {
        await host.define(MACHINE, withScreen);
        await host.boot(MACHINE);
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

export { expect } from '@playwright/test';
