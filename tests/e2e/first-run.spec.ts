import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AddHostDialog, SignInForm } from './pages/add-host-dialog.ts';
import { MachinesPage } from './pages/machines-page.ts';
import { Desktop } from './support/desktop.ts';
import { expect, test } from './support/test.ts';

test('a pairing link leads straight to the live machines', async ({ desktop }) => {
  const machines = new MachinesPage(desktop.window);
  await expect(machines.rowIn('web-1', 'Running')).toBeVisible();
  await expect(machines.freshness).toHaveText(/live/);
});

test('a host is added by address: compare the fingerprint, fail once, sign in', async ({ world }) => {
  await using desktop = await Desktop.launch();
  const dialog = new AddHostDialog(desktop.window);
  await dialog.open();
  await dialog.enter(world.host.address);
  expect(await dialog.fingerprint()).toBe(world.host.fingerprint);
  await dialog.trust();

  await expect(desktop.window.getByText('Sign in to alpha')).toBeVisible();
  const form = new SignInForm(desktop.window);
  await form.signIn(world.host.administrator.username, 'not the password');
  await expect(desktop.window.getByText('User name or password is wrong.')).toBeVisible();
  await form.signIn(world.host.administrator.username, world.host.administrator.password);

  const machines = new MachinesPage(desktop.window);
  await machines.open();
  await expect(machines.rowIn('web-1', 'Running')).toBeVisible();
});

test('an address where nobody listens is refused with words, and nothing is added', async () => {
  await using desktop = await Desktop.launch();
  const dialog = new AddHostDialog(desktop.window);
  await dialog.open();
  await dialog.enter('127.0.0.1:9');
  await expect(dialog.dialog.getByRole('alert')).toBeVisible();
  await expect(dialog.dialog.getByText('Is this the right host?')).toBeHidden();
  await dialog.enter('not an address');
  await expect(dialog.dialog.getByText('Neither a pairing link nor host:port')).toBeVisible();
});

test('the second start paints what it knew, marked as old, before any host answers', async ({ world }) => {
  const userData = await mkdtemp(join(tmpdir(), 'limen-profile-'));
  try {
    {
      await using desktop = await Desktop.launch({ userData, pairingLink: await world.host.pairingLink() });
      await expect(new MachinesPage(desktop.window).rowIn('web-1', 'Running')).toBeVisible();
    }
    await world.host.stop({ keep: true });
    try {
      await using desktop = await Desktop.launch({ userData });
      const row = new MachinesPage(desktop.window).row('web-1');
      await expect(row).toBeVisible();
      await expect(row).toContainText('as of');
    } finally {
      await world.host.start();
    }
  } finally {
    await rm(userData, { recursive: true, force: true });
  }
});
