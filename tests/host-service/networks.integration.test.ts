import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomInt } from 'node:crypto';
import { NetworkXml } from 'node-libvirt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { guestShell, guestShows } from '../fixtures/guest-shell.ts';
import { makePrivateNetwork } from '../fixtures/network.ts';
import { connectRpc, rejection } from '../fixtures/rpc-client.ts';
import { run } from '../fixtures/run.ts';
import { type NetworkHost, networksShow, startNetworkHost } from './network-host.ts';

/** Networks of a real libvirtd, its dnsmasq, and what a guest on them sees. */

let lab: NetworkHost;
const MAC = '52:54:00:5e:00:01';
const LAB = { address: '10.213.7.1/24', ranges: [{ start: '10.213.7.100', end: '10.213.7.199' }] };

beforeAll(async () => {
  lab = await startNetworkHost();
}, 600_000);

afterAll(() => lab?.stop());

const virsh = (...args: string[]): Promise<string> => lab.host.libvirtd.virsh(...args);
const inGuest = (command: string): Promise<string> => guestShell(lab.host.libvirtd, 'pupil', command);
const issuesOf = async (call: Promise<unknown>): Promise<unknown> => {
  const { code, data } = await rejection(call);
  return {
    code,
    paths: (data as { issues?: { path: string[] }[] }).issues?.map(({ path }) => path.join('.')),
  };
};

async function renewLease(begins: string): Promise<void> {
  await inGuest('udhcpc -n -q -t 10 -T 1 -i eth0 -s /usr/lib/limen/address');
  expect(await inGuest('ip -4 -o addr show dev eth0')).toContain(` ${begins}`);
}

function at(third: number) {
  return { address: `10.213.${third}.1/24`, ranges: [] };
}

describe('made', () => {
  test('a NAT network is defined, started and set to start with the host', async () => {
    const job = await lab.create({
      name: 'lab',
      kind: 'nat',
      ipv4: LAB,
      domain: { name: 'lab.test', localOnly: true },
    });
    expect(job).toMatchObject({ kind: 'network.create', state: 'done', error: null });
    expect(await lab.get('lab')).toMatchObject({
      active: true,
      persistent: true,
      autostart: true,
      stored: { kind: 'nat', addresses: [{ family: 'ipv4', ...LAB }], domain: { name: 'lab.test' } },
      live: { bridge: expect.stringMatching(/^virbr/), addresses: [{ family: 'ipv4', ...LAB }] },
      users: [],
    });
    expect(await virsh('net-info', 'lab')).toMatch(/Active:\s+yes[^]*Autostart:\s+yes/);
  });

  test('routed, open, isolated and bridged ones are what libvirt has of that kind', async () => {
    const bridge = `ltbr${randomInt(100_000)}`;
    await run('ip', ['link', 'add', bridge, 'type', 'bridge']);
    try {
      const ipv6 = {
        address: 'fd5e:9d1c:1::1/64',
        ranges: [{ start: 'fd5e:9d1c:1::100', end: 'fd5e:9d1c:1::1ff' }],
      };
      await lab.create({ name: 'routed', kind: 'routed', ipv4: at(20), autostart: false });
      await lab.create({ name: 'open', kind: 'open', ipv4: at(21), autostart: false });
      await lab.create({ name: 'isolated', kind: 'isolated', ipv6, bridge: 'lt-alone', autostart: false });
      expect((await lab.api.networks.list({})).bridges.map(({ name }) => name)).toContain(bridge);
      await lab.create({ name: 'bridged', kind: 'bridge', bridge, autostart: false });
      const modes = await Promise.all(
        ['routed', 'open', 'isolated', 'bridged'].map(async (name) => {
          const xml = NetworkXml.parse(await virsh('net-dumpxml', name));
          return [
            xml.forwardMode,
            xml.ips[0]?.address ?? null,
            name === 'routed' ? null : xml.bridge?.slice(0, 4),
          ];
        }),
      );
      expect(modes).toEqual([
        ['route', '10.213.20.1', null],
        ['open', '10.213.21.1', 'virb'],
        [null, 'fd5e:9d1c:1::1', 'lt-a'],
        ['bridge', null, 'ltbr'],
      ]);
      for (const name of ['routed', 'open', 'isolated', 'bridged']) {
        await lab.api.networks.delete({ networkId: (await lab.get(name)).id });
      }
      expect(await virsh('net-list', '--all', '--name')).toBe('lab');
    } finally {
      await run('ip', ['link', 'delete', bridge]);
    }
  });

  test('what would not fit is refused before libvirt hears of it', async () => {
    const nearby = await makePrivateNetwork();
    try {
      const wish = (address: string, ranges = [{ start: address, end: address }].slice(1)) =>
        lab.api.networks.create({ name: 'wrong', kind: 'nat', ipv4: { address, ranges } });
      const around = nearby.outerAddress.replace(/\d+$/, '1');
      expect(await issuesOf(wish(`${around}/24`))).toEqual({
        code: 'INVALID_INPUT',
        paths: ['ipv4.address'],
      });
      expect((await rejection(wish(`${around}/24`))).message).toContain(
        'overlaps with a subnet the host reaches',
      );
      expect((await rejection(wish('10.213.0.1/16'))).message).toContain('overlaps with network lab');
      expect(await issuesOf(wish('10.9.9.1/24', [{ start: '10.9.8.2', end: '10.9.9.9' }]))).toEqual({
        code: 'INVALID_INPUT',
        paths: ['ipv4.ranges.0.start'],
      });
      for (const name of ['lab', 'a/b', '-x', "x'><evil/>", 'x\u0000', '../up', '']) {
        const call = lab.api.networks.create({ name, kind: 'isolated', bridge: null });
        expect(await issuesOf(call), name).toEqual({ code: expect.anything(), paths: expect.anything() });
      }
      const long = lab.api.networks.create({ name: 'n', kind: 'isolated', bridge: 'sixteen-byte-nam' });
      expect((await rejection(long)).code).not.toBe('INTERNAL');
      expect(await virsh('net-list', '--all', '--name')).toBe('lab');
    } finally {
      await nearby.remove();
    }
  });
});

describe('with a guest on it', () => {
  beforeAll(async () => {
    await lab.defineOn('lab', 'pupil', MAC);
    await lab.host.boot('pupil');
  }, 300_000);

  test('its lease is shown with the machine’s name', async () => {
    const { networks } = await networksShow(lab.api, (snapshot) =>
      snapshot.networks.some(({ leases }) => leases.length > 0),
    );
    const network = networks.find(({ name }) => name === 'lab');
    expect(network?.leases).toMatchObject([
      {
        ip: expect.stringMatching(/^10\.213\.7\.1\d\d$/),
        mac: MAC,
        machine: { name: 'pupil' },
        static: false,
      },
    ]);
    expect(network?.users).toMatchObject([{ name: 'pupil', mac: MAC, live: true }]);
    const ip = network?.leases[0]?.ip ?? '';
    await guestShows(lab.host.libvirtd, 'pupil', {
      command: 'ip -4 -o addr',
      matches: (o) => o.includes(ip),
    });
  });

  test('a static lease and a DNS entry that are added live reach it', async () => {
    const lease = { mac: MAC.toUpperCase(), duid: null, name: 'pupil', ip: '10.213.7.42' };
    const host = { ip: '10.213.7.9', hostnames: ['files', 'files.lab.test'] };
    const { results, network } = await lab.edit(
      'lab',
      { type: 'add-static-lease', lease },
      { type: 'add-dns-host', host },
    );
    expect(results).toEqual([{ outcome: 'applied' }, { outcome: 'applied' }]);
    expect(network.live).toEqual(network.stored);
    expect(network.live).toMatchObject({
      addresses: [{ staticLeases: [{ ...lease, mac: MAC }] }],
      dnsHosts: [host],
    });
    await renewLease('10.213.7.42');
    expect(await inGuest('nslookup files.lab.test 10.213.7.1')).toContain('10.213.7.9');
    const { networks } = await networksShow(lab.api, (snapshot) =>
      snapshot.networks.some(({ leases }) => leases.some((each) => each.static)),
    );
    expect(networks[0]?.leases).toContainEqual(expect.objectContaining({ ip: '10.213.7.42', static: true }));
  }, 60_000);

  test('they are changed and taken away live, and so is the range', async () => {
    const old = { mac: MAC, duid: null, name: 'pupil', ip: '10.213.7.42' };
    const lease = { ...old, ip: '10.213.7.43' };
    const host = { ip: '10.213.7.9', hostnames: ['files', 'files.lab.test'] };
    const { results } = await lab.edit(
      'lab',
      { type: 'replace-static-lease', old, lease },
      { type: 'replace-dns-host', old: host, host: { ip: '10.213.7.10', hostnames: ['files.lab.test'] } },
    );
    expect(results).toEqual([{ outcome: 'applied' }, { outcome: 'applied' }]);
    await renewLease('10.213.7.43');
    expect(await inGuest('nslookup files.lab.test 10.213.7.1')).toContain('10.213.7.10');
    const ranges = [{ start: '10.213.7.50', end: '10.213.7.51' }];
    const after = await lab.edit(
      'lab',
      { type: 'remove-static-lease', lease },
      { type: 'set-ranges', family: 'ipv4', ranges },
    );
    expect(after.results).toEqual([{ outcome: 'applied' }, { outcome: 'applied' }]);
    expect(after.network.live?.addresses).toEqual([
      { ...after.network.stored.addresses[0], ranges, staticLeases: [] },
    ]);
    await renewLease('10.213.7.5');
  }, 60_000);

  test('what libvirt cannot change while it runs waits for the next start, and says so', async () => {
    const address = { address: '10.213.8.1/24', ranges: [{ start: '10.213.8.10', end: '10.213.8.20' }] };
    const { results, network } = await lab.edit(
      'lab',
      { type: 'set-domain', domain: { name: 'next.test', localOnly: false } },
      { type: 'set-address', family: 'ipv4', address },
      // In the subnet that only the next start has.
      { type: 'add-static-lease', lease: { mac: MAC, duid: null, name: null, ip: '10.213.8.30' } },
    );
    expect(results).toEqual(Array.from({ length: 3 }, () => ({ outcome: 'at-next-start' })));
    expect(network.live).toMatchObject({
      domain: { name: 'lab.test' },
      addresses: [{ address: LAB.address }],
    });
    expect(network.stored).toMatchObject({ domain: { name: 'next.test' }, addresses: [address] });
  });

  test('it is neither stopped nor deleted, and the machine is named', async () => {
    const { id: networkId } = await lab.get('lab');
    for (const call of [lab.api.networks.stop({ networkId }), lab.api.networks.delete({ networkId })]) {
      expect(await rejection(call)).toMatchObject({
        code: 'CONFLICT',
        data: { reason: 'in-use', names: ['pupil'] },
      });
    }
    await virsh('destroy', 'pupil');
    expect(await lab.api.networks.stop({ networkId })).toMatchObject({ active: false, live: null });
    expect(await rejection(lab.api.networks.delete({ networkId }))).toMatchObject({
      data: { names: ['pupil'] },
    });
    expect(await lab.api.networks.start({ networkId })).toMatchObject({
      live: { addresses: [{ address: '10.213.8.1/24' }], domain: { name: 'next.test' } },
    });
  });
});

describe('changed by several', () => {
  test('the second of two who edit hears what the first changed', async () => {
    const { id: networkId, revision } = await lab.get('lab');
    const host = { ip: '10.213.8.9', hostnames: ['first'] };
    await lab.api.networks.edit({ networkId, revision, edits: [{ type: 'add-dns-host', host }] });
    const second = await connectRpc({ url: `wss://${lab.host.service.address}` });
    await second.api.session.signIn({ ...lab.host.service.administrator, device: 'second' });
    const edits = [{ type: 'set-domain' as const, domain: null }];
    expect(await rejection(second.api.networks.edit({ networkId, revision, edits }))).toMatchObject({
      code: 'CONFLICT',
      data: { reason: 'changed', names: ['dns'] },
    });
    await second.close();
  });

  test('what virsh changes is noticed, and unknown parts of its definitions survive', async () => {
    const watching = networksShow(lab.api, ({ networks }) => networks.some(({ name }) => name === 'foreign'));
    const file = join(lab.host.libvirtd.guestDir, 'foreign.xml');
    await writeFile(
      file,
      `<network xmlns:dnsmasq='http://libvirt.org/schemas/network/dnsmasq/1.0'>
        <name>foreign</name><metadata><t:tool xmlns:t='urn:tool'>kept</t:tool></metadata>
        <forward mode='nat'><nat><port start='2000' end='3000'/></nat></forward>
        <bridge name='lt-foreign'/><mtu size='1400'/>
        <dns><txt name='a' value='b'/></dns>
        <ip address='10.213.30.1' netmask='255.255.255.0'><tftp root='/srv'/><dhcp>
          <range start='10.213.30.10' end='10.213.30.20'><lease expiry='7' unit='minutes'/></range>
          <host mac='52:54:00:5e:00:09' ip='10.213.30.5'><lease expiry='3' unit='hours'/></host>
          <bootp file='x'/></dhcp></ip>
        <dnsmasq:options><dnsmasq:option value='no-ping'/></dnsmasq:options>
      </network>`,
    );
    await virsh('net-define', file);
    await watching;
    const { id: networkId } = await lab.get('foreign');
    await lab.api.networks.start({ networkId });
    const { revision } = await lab.get('foreign');
    const entry = "<host ip='10.213.30.7'><hostname>theirs</hostname></host>";
    await virsh('net-update', 'foreign', 'add', 'dns-host', entry, '--live', '--config');
    const seen = await networksShow(lab.api, ({ networks }) =>
      networks.some(({ stored }) => stored.dnsHosts.some(({ hostnames }) => hostnames.includes('theirs'))),
    );
    expect(seen.networks.find(({ name }) => name === 'foreign')?.revision).not.toBe(revision);
    const old = { mac: '52:54:00:5e:00:09', duid: null, name: null, ip: '10.213.30.5' };
    const { results } = await lab.edit(
      'foreign',
      { type: 'replace-static-lease', old, lease: { ...old, ip: '10.213.30.6' } },
      { type: 'set-kind', kind: 'nat', device: null },
      { type: 'set-domain', domain: { name: 'f.test', localOnly: false } },
    );
    expect(results).toEqual([
      { outcome: 'applied' },
      { outcome: 'at-next-start' },
      { outcome: 'at-next-start' },
    ]);
    const xml = await virsh('net-dumpxml', '--inactive', 'foreign');
    for (const part of [
      'urn:tool',
      "start='2000'",
      '1400',
      '/srv',
      "expiry='7'",
      "expiry='3'",
      'no-ping',
      "name='a'",
      "file='x'",
      '10.213.30.6',
    ]) {
      expect(xml).toContain(part);
    }
    await lab.api.networks.delete({ networkId });
  }, 60_000);

  test('one that libvirt does not keep is not edited, and gone when it stops', async () => {
    const file = join(lab.host.libvirtd.guestDir, 'fleeting.xml');
    await writeFile(file, "<network><name>fleeting</name><bridge name='lt-fleeting'/></network>");
    await virsh('net-create', file);
    const { id: networkId, persistent } = await lab.get('fleeting');
    expect(persistent).toBe(false);
    const edit = lab.edit('fleeting', { type: 'set-domain', domain: { name: 'x.test', localOnly: true } });
    expect(await rejection(edit)).toMatchObject({ data: { reason: 'wrong-state', state: 'transient' } });
    expect(await lab.api.networks.stop({ networkId })).toMatchObject({ active: false, live: null });
    expect(await lab.find('fleeting')).toBeUndefined();
  });

  test('others see the networks, their own machines, and no button', async () => {
    const credentials = { username: 'eve', password: 'correct horse battery' };
    await lab.api.users.create({ ...credentials, role: 'user' });
    const eve = await connectRpc({ url: `wss://${lab.host.service.address}` });
    await eve.api.session.signIn({ ...credentials, device: 'eve' });
    const { networks, surroundings } = await eve.api.networks.list({});
    expect(surroundings).toEqual({ taken: [], devices: [] });
    expect(networks).toMatchObject([{ name: 'lab', users: [], hiddenUsers: 1, leases: [] }]);
    expect(networks[0]?.stored.addresses[0]?.staticLeases).toEqual([]);
    const networkId = networks[0]?.id ?? '';
    for (const call of [
      eve.api.networks.stop({ networkId }),
      eve.api.networks.create({ name: 'hers', kind: 'isolated' }),
    ]) {
      expect((await rejection(call)).code).toBe('FORBIDDEN');
    }
    await eve.close();
  });
});
