import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { cacheDir } from '../fixtures/paths.ts';
import { ConsoleView } from './pages/console-view.ts';
import { MachinesPage } from './pages/machines-page.ts';
import type { Desktop } from './support/desktop.ts';
import { emptyMachineXml, expect, test } from './support/test.ts';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const folder = join(cacheDir, 'screenshots');

const looks = [
  { language: 'en', colorScheme: 'light' },
  { language: 'en', colorScheme: 'dark' },
  { language: 'ko', colorScheme: 'light' },
  { language: 'ko', colorScheme: 'dark' },
] as const;

const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const;

/** Views of the main window by the fragment of their address. */
async function views(desktop: Desktop): Promise<Record<string, string>> {
  const id = await new MachinesPage(desktop.window).row('web-1').getAttribute('id');
  const [link, machine] = (id ?? '').replace(/^machine-/, '').split('/');
  return {
    machines: '#/machines',
    machine: `#/machines/${link}/${machine}`,
    host: `#/hosts/${link}`,
    settings: '#/settings',
  };
}

/** WCAG 2.2 A and AA, as axe knows them. */
async function violations(page: Page): Promise<string[]> {
  // Handed to the debugger as text: the content security policy allows no script tag and no eval.
  await page.evaluate(await readFile(axePath, 'utf8'));
  return page.evaluate(async () => {
    type Axe = {
      run(
        context: Document,
        options: object,
      ): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
    };
    const { axe } = globalThis as unknown as { axe: Axe };
    const result = await axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    });
    return result.violations.map(
      (v) => `${v.id}: ${v.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`,
    );
  });
}

test('every view is accessible, and drawn in both themes, languages and sizes', async ({
  world,
  desktop,
}) => {
  test.setTimeout(240_000);
  await mkdir(folder, { recursive: true });
  const names = ['db-1', 'db-2', 'mail', 'build-runner'];
  for (const name of names) await world.libvirtd.define(emptyMachineXml(name));
  await world.libvirtd.virsh('start', 'db-1');
  await world.libvirtd.virsh('start', 'mail');
  await world.libvirtd.virsh('suspend', 'mail');
  try {
    const machines = new MachinesPage(desktop.window);
    await expect(machines.rowIn('mail', 'Paused')).toBeVisible();
    const fragments = await views(desktop);
    for (const look of looks) {
      await desktop.changeSettings(look);
      await desktop.window.locator(`html[lang="${look.language}"]`).waitFor({ state: 'attached' });
      for (const size of sizes) {
        await desktop.resize(size.width, size.height);
        for (const [name, fragment] of Object.entries(fragments)) {
          await desktop.window.evaluate((hash) => {
            location.hash = hash;
          }, fragment);
          await desktop.window.getByRole('heading').first().waitFor();
          const file = `${name}-${look.language}-${look.colorScheme}-${size.width}.png`;
          await desktop.window.screenshot({ path: join(folder, file) });
          if (size.width === 1280) expect(await violations(desktop.window), file).toEqual([]);
        }
      }
    }
  } finally {
    for (const name of names) {
      await world.libvirtd.virsh('destroy', name).catch(() => undefined);
      await world.libvirtd.virsh('undefine', name);
    }
  }
});

test('the console window is accessible, and drawn in both themes', async ({ desktop }) => {
  await mkdir(folder, { recursive: true });
  const machines = new MachinesPage(desktop.window);
  await expect(machines.rowIn('web-1', 'Running')).toBeVisible();
  const console = new ConsoleView(
    await desktop.windowAt('#/console/', () => machines.act('web-1', 'Console')),
  );
  await console.painted();
  for (const look of looks) {
    await desktop.changeSettings(look);
    await console.page.locator(`html[lang="${look.language}"]`).waitFor({ state: 'attached' });
    await console.page.screenshot({ path: join(folder, `console-${look.language}-${look.colorScheme}.png`) });
    expect(await violations(console.page), look.language).toEqual([]);
  }
});
