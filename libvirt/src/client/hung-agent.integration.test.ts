import { afterAll, beforeAll, expect, test } from 'vitest';
import { bootGuest } from '../../../tests/fixtures/guest.ts';
import { type PrivateLibvirtd, startLibvirtd } from '../../../tests/fixtures/libvirtd.ts';
import { connectedClient } from '../../test-support/connected-client.ts';
import { LibvirtError } from '../errors/libvirt-error.ts';
import { procedures } from '../procedures/index.ts';
import type { LibvirtClient } from './libvirt-client.ts';

const { connect, domains, qemu } = procedures;
const OTHER = `<domain type='qemu'><name>other</name><memory unit='MiB'>32</memory>
  <os><type arch='x86_64' machine='pc'>hvm</type></os></domain>`;

let daemon: PrivateLibvirtd;
let client: LibvirtClient;

beforeAll(async () => {
  daemon = await startLibvirtd();
  client = await connectedClient(daemon.socketPath);
});

afterAll(async () => {
  await client.close();
  await daemon.stop();
});

test('a guest agent that answers nobody delays no power action', async () => {
  const guest = await bootGuest(daemon, { name: 'hung' });
  await guest.waitForAgent();
  const hung = await client.call(domains.lookupByName, { name: 'hung' });
  const guestPid = await daemon.qemuPid('hung');
  process.kill(guestPid, 'SIGSTOP');
  const command = '{"execute":"guest-ping"}';
  const questions = Promise.allSettled(
    Array.from({ length: 10 }, () =>
      client.call(qemu.agentCommand, { domain: hung, command, timeout: -2 }, { timeoutMs: 60_000 }),
    ),
  );
  const limit = { timeoutMs: 10_000 };
  const domain = await client.call(domains.defineXml, { xml: OTHER }, limit);
  await client.call(domains.create, { domain }, limit);
  await client.call(domains.reboot, { domain }, limit);
  await client.call(domains.destroy, { domain }, limit);
  expect(await client.call(connect.getHostname, {}, limit)).toBe('limen-test');
  process.kill(guestPid, 'SIGKILL');
  const reasons = (await questions).map((outcome): unknown =>
    outcome.status === 'rejected' ? outcome.reason : outcome.value,
  );
  expect(reasons.every((reason) => reason instanceof LibvirtError)).toBe(true);
});
