import { test as base } from '@playwright/test';
import { type NetworkHost, startNetworkHost } from '../../host-service/network-host.ts';
import { Desktop } from './desktop.ts';

/** The host's one running machine, on the network `lab`, 10.217.1.0/24. */
export const MACHINE = 'pupil';
export const MAC = '52:54:00:5e:10:01';

/** A host with a network and a booted guest on it, shared by the tests of a worker, and a desktop for each. */
export const test = base.extend<{ desktop: Desktop }, { lab: NetworkHost }>({
  lab: [
    async ({}, use) => {
      const lab = await startNetworkHost();
      try {
        await lab.create({
          name: 'lab',
          kind: 'nat',
          ipv4: {
            address: '10.217.1.1/24',
            ranges: [{ start: '10.217.1.100', end: '10.217.1.199' }],
          },
          domain: { name: 'lab.test', localOnly: true },
        });
        await lab.defineOn('lab', MACHINE, MAC);
        await lab.host.boot(MACHINE);
        await use(lab);
      } finally {
        await lab.stop();
      }
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  desktop: async ({ lab }, use) => {
    await using desktop = await Desktop.launch({ pairingLink: await lab.host.service.pairingLink() });
    await use(desktop);
  },
});

export { expect } from '@playwright/test';
