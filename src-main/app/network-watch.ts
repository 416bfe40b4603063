import { networkInterfaces } from 'node:os';
import { powerMonitor } from 'electron';
import type { Disposable } from '../common/disposable.ts';

const LOOK_EVERY_MS = 2_000;

/**
 * Call `changed` when the computer wakes up, is unlocked, or has other addresses than before. Node tells nothing of
 * networks, so the list of addresses is compared every two seconds (about 0.1 ms).
 */
export function watchNetwork(changed: () => void): Disposable {
  let known = addresses();
  const timer = setInterval(() => {
    const now = addresses();
    if (now === known) return;
    known = now;
    changed();
  }, LOOK_EVERY_MS);
  powerMonitor.on('resume', changed);
  powerMonitor.on('unlock-screen', changed);
  return {
    dispose: () => {
      clearInterval(timer);
      powerMonitor.removeListener('resume', changed);
      powerMonitor.removeListener('unlock-screen', changed);
    },
  };
}

function addresses(): string {
  return Object.entries(networkInterfaces())
    .flatMap(([name, entries]) => (entries ?? []).map((entry) => `${name} ${entry.cidr ?? entry.address}`))
    .sort()
    .join('\n');
}
