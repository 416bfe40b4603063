import { AddHostDialog, SignInForm } from './pages/add-host-dialog.ts';
import { ConsoleView } from './pages/console-view.ts';
import { MachinesPage } from './pages/machines-page.ts';
import { Desktop } from './support/desktop.ts';
import { draw, expectAccessible, inspect, looks, wear } from './support/look.ts';
import { emptyMachineXml, expect, test, type World } from './support/test.ts';

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
    'new-machine': '#/new-machine',
    images: '#/images',
    trash: '#/trash',
    settings: '#/settings',
  };
}

async function goTo(desktop: Desktop, fragment: string): Promise<void> {
  await desktop.window.evaluate((hash) => {
    location.hash = hash;
  }, fragment);
  await desktop.window.getByRole('heading').first().waitFor();
}

/** Machines in many states beside the living guest; gone again when the returned object is disposed. */
async function machinesInManyStates({ libvirtd }: World): Promise<AsyncDisposable> {
  const names = ['db-1', 'db-2', 'mail', 'build-runner'];
  for (const name of names) await libvirtd.define(emptyMachineXml(name));
  await libvirtd.virsh('start', 'db-1');
  await libvirtd.virsh('start', 'mail');
  await libvirtd.virsh('suspend', 'mail');
  return {
    async [Symbol.asyncDispose]() {
      for (const name of names) {
        await libvirtd.virsh('destroy', name).catch(() => undefined);
        await libvirtd.virsh('undefine', name);
      }
    },
  };
}

test('every view is accessible, and drawn in both themes, languages and sizes', async ({
  world,
  desktop,
}) => {
  test.setTimeout(240_000);
  await using _machines = await machinesInManyStates(world);
  await expect(new MachinesPage(desktop.window).rowIn('mail', 'Paused')).toBeVisible();
  const fragments = await views(desktop);
  for (const look of looks) {
    await wear(desktop, desktop.window, look);
    for (const size of sizes) {
      await desktop.resize(size.width, size.height);
      for (const [name, fragment] of Object.entries(fragments)) {
        await goTo(desktop, fragment);
        const file = `${name}-${look.language}-${look.colorScheme}-${size.width}`;
        await draw(desktop.window, file);
        if (size.width === 1280) await expectAccessible(desktop.window, file);
      }
    }
  }
});

test('adding the first host looks right at every step', async ({ world }) => {
  await using desktop = await Desktop.launch();
  const { window } = desktop;
  await desktop.resize(1280, 800);
  await expect(window.getByText('Add your first host')).toBeVisible();
  await inspect(desktop, window, 'no-hosts');

  const dialog = new AddHostDialog(window);
  await dialog.open();
  await inspect(desktop, window, 'add-host');
  await dialog.enter('127.0.0.1:9');
  await expect(dialog.dialog.getByRole('alert')).toBeVisible();
  await inspect(desktop, window, 'add-host-refused');
  await dialog.enter(world.host.address);
  await dialog.fingerprint();
  await inspect(desktop, window, 'add-host-compare');
  await dialog.trust();

  const form = new SignInForm(window);
  await expect(form.submit).toBeVisible();
  await inspect(desktop, window, 'sign-in');
  await form.signIn(world.host.administrator.username, 'not the password');
  await expect(window.getByText('User name or password is wrong.')).toBeVisible();
  await inspect(desktop, window, 'sign-in-wrong');
});

test('menus, dialogs and the palette look right over the machines', async ({ world, desktop }) => {
  await using _machines = await machinesInManyStates(world);
  const { window } = desktop;
  await desktop.resize(1280, 800);
  const machines = new MachinesPage(window);
  await expect(machines.rowIn('mail', 'Paused')).toBeVisible();

  await window.keyboard.press('Control+k');
  await window.getByPlaceholder('Machine, action or place…').fill('web');
  await expect(window.getByRole('button', { name: 'Open web-1' })).toBeVisible();
  await inspect(desktop, window, 'palette');
  await window.keyboard.press('Escape');

  await window.keyboard.press('Shift+?');
  await expect(window.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await inspect(desktop, window, 'shortcuts');
  await window.keyboard.press('Escape');

  await window.getByRole('button', { name: 'Columns' }).click();
  await inspect(desktop, window, 'columns');
  await window.keyboard.press('Escape');

  await machines.row('web-1').click({ button: 'right' });
  await inspect(desktop, window, 'context-menu');
  await window.keyboard.press('Escape');

  await machines.select('db-1', 'db-2', 'mail', 'build-runner');
  await inspect(desktop, window, 'selection');
  await window.getByRole('toolbar').getByRole('button', { name: 'Force off' }).click();
  await inspect(desktop, window, 'bulk-plan');
  await window.getByRole('dialog').getByRole('button', { name: 'Force off' }).click();
  await expect(window.getByText('2 of 2 done')).toBeVisible();
  await inspect(desktop, window, 'bulk-done');
  await window.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();

  await machines.filter.fill('state:cr');
  await inspect(desktop, window, 'filter');
  await machines.filter.fill('no such machine');
  await inspect(desktop, window, 'no-match');
  await machines.filter.fill('');
  await machines.row('db-2').dblclick();
  await expect(window.getByRole('heading', { name: 'db-2' })).toBeVisible();
  await inspect(desktop, window, 'machine-off');
});

test('a host that is away is told on every screen', async ({ world, desktop }) => {
  const { window } = desktop;
  await desktop.resize(1280, 800);
  const machines = new MachinesPage(window);
  await expect(machines.rowIn('web-1', 'Running')).toBeVisible();
  const fragments = await views(desktop);
  const console = new ConsoleView(
    await desktop.windowAt('#/console/', () => machines.act('web-1', 'Console')),
  );
  await console.painted();
  await world.host.stop({ keep: true });
  try {
    await expect(machines.row('web-1')).toContainText('as of');
    await inspect(desktop, window, 'stale-machines');
    await goTo(desktop, fragments['machine'] ?? '');
    await inspect(desktop, window, 'stale-machine');
    await goTo(desktop, fragments['host'] ?? '');
    await expect(window.getByRole('alert')).toBeVisible();
    await inspect(desktop, window, 'stale-host');
    await inspect(desktop, console.page, 'console-reconnecting');
  } finally {
    await world.host.start();
  }
});

test('the console window is accessible, and drawn in both themes', async ({ desktop }) => {
  const machines = new MachinesPage(desktop.window);
  await expect(machines.rowIn('web-1', 'Running')).toBeVisible();
  const console = new ConsoleView(
    await desktop.windowAt('#/console/', () => machines.act('web-1', 'Console')),
  );
  await console.painted();
  for (const look of looks) {
    await wear(desktop, console.page, look);
    await draw(console.page, `console-${look.language}-${look.colorScheme}`);
    await expectAccessible(console.page, look.language);
  }
});

test('the console of a machine that is off offers to start it', async ({ world, desktop }) => {
  const machines = new MachinesPage(desktop.window);
  await expect(machines.rowIn('web-1', 'Running')).toBeVisible();
  const console = new ConsoleView(
    await desktop.windowAt('#/console/', () => machines.act('web-1', 'Console')),
  );
  await console.painted();
  await world.libvirtd.virsh('destroy', 'web-1');
  try {
    await expect(console.page.getByRole('heading', { name: 'web-1 is off' })).toBeVisible();
    await inspect(desktop, console.page, 'console-off');
  } finally {
    await world.libvirtd.virsh('start', 'web-1');
  }
});
