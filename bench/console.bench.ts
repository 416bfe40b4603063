import type { Page } from '@playwright/test';
import { test } from '@playwright/test';
import { MachinesPage } from '../tests/e2e/pages/machines-page.ts';
import { Desktop } from '../tests/e2e/support/desktop.ts';
import { bootGuest } from '../tests/fixtures/guest.ts';
import { startHostService } from '../tests/fixtures/host-service.ts';
import { startLibvirtd } from '../tests/fixtures/libvirtd.ts';
import { printResults, summarise, writeResults } from './lib/results.ts';

const SAMPLES = 9;
const MACHINE = 'bench-console';

test('console', async () => {
  const libvirtd = await startLibvirtd({ name: 'bench' });
  try {
    const guest = await bootGuest(libvirtd, { name: MACHINE });
    const host = await startHostService({ libvirtd, environment: { LIMEN_LOG_LEVEL: 'info' } });
    try {
      await using desktop = await Desktop.launch({ pairingLink: await host.pairingLink() });
      const machines = new MachinesPage(desktop.window);
      await machines.rowIn(MACHINE, 'Running').waitFor();
      const inWindow = summarise(await times(SAMPLES, () => windowFirstFrame(desktop)));
      const embedded = summarise(await embeddedFirstFrames(desktop));
      printResults(
        writeResults('console', 'npm run bench:console', [
          {
            name: 'click → first frame, new native window',
            unit: 'ms',
            limen: inWindow.median,
            budget: 'limen <= 700',
            spread: inWindow.spread,
          },
          {
            name: 'click → first frame, embedded',
            unit: 'ms',
            limen: embedded.median,
            budget: 'limen <= 250',
            spread: embedded.spread,
          },
        ]),
      );
    } finally {
      await host.stop();
      await guest.events.close();
    }
  } finally {
    await libvirtd.stop();
  }
});

/** From the key that opens the console until its window shows the guest, in ms. */
async function windowFirstFrame(desktop: Desktop): Promise<number> {
  const standby = await desktop.windowAt('#/console-standby');
  await standby.waitForLoadState('load');
  const frame = await watchFirstFrame(standby);
  await new MachinesPage(desktop.window).row(MACHINE).click();
  const pressed = performance.timeOrigin + performance.now();
  await desktop.window.keyboard.press('Control+Enter');
  const seen = await frame();
  await standby.close();
  return seen - pressed;
}

async function embeddedFirstFrames(desktop: Desktop): Promise<number[]> {
  await new MachinesPage(desktop.window).row(MACHINE).dblclick();
  return times(SAMPLES, async () => {
    await desktop.window.getByRole('tab', { name: 'Overview' }).click();
    const frame = await watchFirstFrame(desktop.window);
    const clicked = performance.timeOrigin + performance.now();
    await desktop.window.getByRole('tab', { name: 'Console' }).click();
    return (await frame()) - clicked;
  });
}

async function times(count: number, sample: () => Promise<number>): Promise<number[]> {
  const samples: number[] = [];
  for (let i = 0; i < count; i++) samples.push(await sample());
  return samples;
}

/**
 * Note the moment, in ms since the epoch, at which something other than one plain colour is drawn on a visible
 * canvas. Hooks the drawing itself: a timer would be throttled while the window is still hidden.
 */
async function watchFirstFrame(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const slot = globalThis as unknown as { firstFrame: Promise<number> };
    slot.firstFrame = new Promise((resolve) => {
      const { prototype } = CanvasRenderingContext2D;
      const original = Object.getOwnPropertyDescriptor(prototype, 'drawImage');
      if (original === undefined) return;
      function draw(this: CanvasRenderingContext2D, ...args: unknown[]): void {
        Reflect.apply(original?.value, this, args);
        const { canvas } = this;
        if (!canvas.isConnected || canvas.width < 300) return;
        const pixels = new Uint32Array(this.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
        if (pixels.every((pixel) => pixel === pixels[0])) return;
        Object.defineProperty(prototype, 'drawImage', original ?? {});
        resolve(performance.timeOrigin + performance.now());
      }
      Object.defineProperty(prototype, 'drawImage', { ...original, value: draw });
    });
  });
  return () => page.evaluate(() => (globalThis as unknown as { firstFrame: Promise<number> }).firstFrame);
}
