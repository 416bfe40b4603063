import { ConsoleView } from './pages/console-view.ts';
import { MachinesPage } from './pages/machines-page.ts';
import type { Page } from '@playwright/test';
import { fileSize, waitForLine } from '../fixtures/watch.ts';
import type { Desktop } from './support/desktop.ts';
import { expect, test, type World } from './support/test.ts';

async function openConsole(desktop: Desktop): Promise<ConsoleView> {
  const machines = new MachinesPage(desktop.window);
  await expect(machines.rowIn('web-1', 'Running')).toBeVisible();
  const page = await desktop.windowAt('#/console/', () => machines.act('web-1', 'Console'));
  const console = new ConsoleView(page);
  await console.painted();
  return console;
}

/** Have the guest's shell compute something and say it on its serial port: proof of keys in, not only picture out. */
async function expectAnswer(world: World, console: ConsoleView): Promise<void> {
  const from = await fileSize(world.guest.serialLog);
  await console.type('echo answer-$((6*7)) > /dev/ttyS0\n');
  await waitForLine(world.guest.serialLog, 'answer-42', 15_000, from);
}

async function title(desktop: Desktop, page: Page): Promise<string> {
  const window = await desktop.app.browserWindow(page);
  return window.evaluate((w) => w.getTitle());
}

test('a console opens in its own window, takes keys and shows what they do', async ({ world, desktop }) => {
  const console = await openConsole(desktop);
  expect(await title(desktop, console.page)).toContain('web-1');
  const before = await console.picture();
  await expectAnswer(world, console);
  await expect.poll(() => console.picture()).not.toBe(before);
});

test('the machine page has the same console embedded', async ({ world, desktop }) => {
  const machines = new MachinesPage(desktop.window);
  await machines.row('web-1').getByText('web-1').dblclick();
  await desktop.window.getByRole('tab', { name: 'Console' }).click();
  const console = new ConsoleView(desktop.window);
  await console.painted();
  await expectAnswer(world, console);
});

test('a console survives a reset of the guest', async ({ world, desktop }) => {
  const console = await openConsole(desktop);
  const from = await fileSize(world.guest.serialLog);
  await world.libvirtd.virsh('reset', 'web-1');
  await waitForLine(world.guest.serialLog, 'LIMEN-READY', 60_000, from);
  await expectAnswer(world, console);
});

test('a machine that is off says so and is started from its console', async ({ world, desktop }) => {
  const console = await openConsole(desktop);
  const from = await fileSize(world.guest.serialLog);
  await world.libvirtd.virsh('destroy', 'web-1');
  await expect(console.page.getByText('web-1 is off')).toBeVisible();
  await console.page.getByRole('button', { name: 'Start' }).click();
  await waitForLine(world.guest.serialLog, 'LIMEN-READY', 60_000, from);
  await console.painted();
  await expectAnswer(world, console);
});
