import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { beforeAll, expect, test } from 'vitest';
import { bootGuest } from '../../../tests/fixtures/guest.ts';
import { type PrivateLibvirtd, startLibvirtd } from '../../../tests/fixtures/libvirtd.ts';
import { run } from '../../../tests/fixtures/run.ts';
import type { LibvirtClient } from '../../src/client/libvirt-client.ts';
import { ErrorCode } from '../../src/errors/codes.ts';
import type { DomainEventName, DomainEventPayload } from '../../src/events/domain-events.ts';
import {
  BlockCommitFlag,
  BlockCopyFields,
  BlockCopyFlag,
  BlockIoTuneFields,
  BlockJobAbortFlag,
  BlockJobStatus,
  BlockResizeFlag,
} from '../../src/procedures/block-flags.ts';
import { AddressSource, Affect, DomainState, KeyCodeSet, MemoryStat } from '../../src/procedures/flags.ts';
import { GuestInfo, SnapshotFlag } from '../../src/procedures/guest-flags.ts';
import { procedures } from '../../src/procedures/index.ts';
import { JobType, MigrateFields, MigrateFlag } from '../../src/procedures/save-flags.ts';
import type { DomainRef } from '../../src/procedures/records.ts';
import { buildParams } from '../../src/xdr/param-fields.ts';
import type { TableBench } from './bench.ts';
import { refusal } from './executed.ts';

const { checkpoints, domains, qemu: passThrough, snapshots } = procedures;
const MIB = 1024 ** 2;

/** Resolves with the first event of a kind that `accept` takes. */
export function heard<N extends DomainEventName>(
  client: LibvirtClient,
  name: N,
  accept: (event: DomainEventPayload<N>) => boolean = () => true,
): Promise<DomainEventPayload<N>> {
  return new Promise((resolve) => {
    const stop = client.onDomainEvent(name, (event) => {
      if (!accept(event)) return;
      stop();
      resolve(event);
    });
  });
}

/** What takes a real QEMU, and for some of it a guest with its agent. */
export function guestCalls(bench: TableBench): void {
  let domain: DomainRef;
  let disk: string;

  beforeAll(async () => {
    disk = join(bench.daemon.imagesDir, 'table.qcow2');
    await run('qemu-img', ['create', '-q', '-f', 'qcow2', disk, '16M']);
    await run('chown', ['libvirt-qemu:', disk, bench.daemon.imagesDir]);
    const guest = await bootGuest(bench.daemon, { name: 'table', disk });
    await guest.waitForAgent();
    domain = await bench.qemu.call(domains.lookupByName, { name: 'table' });
  });

  test('the guest agent', async () => {
    const { qemu } = bench;
    const asked = { domain, command: '{"execute":"guest-ping"}', timeout: 5 };
    expect(await qemu.call(passThrough.agentCommand, asked)).toBe('{"return":{}}');
    const addresses = await qemu.call(domains.interfaceAddresses, { domain, source: AddressSource.agent });
    expect(addresses.map(({ name }) => name)).toContain('lo');
    const info = await qemu.call(domains.getGuestInfo, { domain, types: GuestInfo.hostname });
    expect(info.get('hostname')).toBe(await qemu.call(domains.getGuestHostname, { domain }));
    expect(Array.isArray(await qemu.call(domains.getFsInfo, { domain }))).toBe(true);
    const frozen = await qemu.call(domains.fsFreeze, { domain, mountPoints: [] });
    expect(await qemu.call(domains.fsThaw, { domain, mountPoints: [] })).toBe(frozen);
    await qemu.call(domains.fsTrim, { domain, minimum: 0 });
    const { seconds } = await qemu.call(domains.getTime, { domain });
    expect(Math.abs(seconds - Date.now() / 1000)).toBeLessThan(60);
    const later = seconds + 3600;
    await qemu.call(domains.setTime, { domain, seconds: later, nanoseconds: 0 });
    const passed = (await qemu.call(domains.getTime, { domain })).seconds - later;
    expect(passed).toBeGreaterThanOrEqual(0);
    expect(passed).toBeLessThan(60);
    // The guest has no passwd, which its agent needs for this.
    const agentFailed: number[] = [ErrorCode.internalError, ErrorCode.agentCommandFailed];
    const account = { domain, user: 'root', password: 'a password' };
    expect(agentFailed).toContain(await refusal(qemu.call(domains.setUserPassword, account)));
    const keys = ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHbm0o1d5dZ8kQn4i4pmK1xRiNzZJoD6wDJCO5iW8n0T test'];
    await qemu.call(domains.authorizedSshKeysSet, { domain, user: 'root', keys });
    expect(await qemu.call(domains.authorizedSshKeysGet, { domain, user: 'root' })).toEqual(keys);
    await qemu.call(domains.setAgentResponseTimeout, { domain, seconds: 10 });
  });

  test('the machine around the guest', async () => {
    const { qemu } = bench;
    const status = await qemu.call(passThrough.monitorCommand, {
      domain,
      command: '{"execute":"query-status"}',
    });
    expect(status).toContain('"running"');
    const keys = { domain, codeset: KeyCodeSet.linux, holdMs: 10, keys: [30] };
    await qemu.call(domains.sendKey, keys);
    await qemu.call(domains.injectNmi, { domain });
    const messages = await qemu.call(domains.getMessages, { domain });
    expect(messages.every((message) => message.length > 0)).toBe(true);
    expect((await qemu.call(domains.getLaunchSecurityInfo, { domain })).size).toBe(0);
    await qemu.call(domains.setMemoryStatsPeriod, { domain, seconds: 1, flags: Affect.live });
    const stats = await qemu.call(domains.memoryStats, { domain, maxStats: 16 });
    expect(stats).toContainEqual({ tag: MemoryStat.actualBalloon, value: 256 * 1024 });
    const shot = await qemu.openStream(domains.screenshot, { domain, screen: 0 });
    expect((await buffer(shot.stream)).subarray(1, 4).toString()).toBe('PNG');
    const serial = await qemu.openStream(domains.openConsole, { domain });
    serial.stream.destroy();
    const channel = await qemu.openStream(domains.openChannel, { domain, target: 'org.limen.agent.0' });
    channel.stream.destroy();
    expect(await qemu.call(domains.migrateGetMaxSpeed, { domain })).toBeGreaterThan(0);
    await qemu.call(domains.migrateSetMaxSpeed, { domain, bandwidth: 1000 });
    await qemu.call(domains.migrateSetMaxDowntime, { domain, milliseconds: 300 });
    expect((await qemu.call(domains.getJobStats, { domain })).type).toBe(JobType.none);
    expect(await refusal(qemu.call(domains.abortJob, { domain }))).toBe(ErrorCode.operationInvalid);
  });

  test('devices come and go', async () => {
    const { qemu, qemuClient } = bench;
    const added = heard(qemuClient, 'deviceAdded');
    await qemu.call(domains.attachDevice, { domain, xml: nic('up'), flags: Affect.live });
    expect((await added).alias).toBe('ua-nic');
    await qemu.call(domains.updateDevice, { domain, xml: nic('down'), flags: Affect.live });
    expect(await qemu.call(domains.getXmlDesc, { domain })).toContain("<link state='down'/>");
    const removed = heard(qemuClient, 'deviceRemoved');
    await qemu.call(domains.detachDeviceAlias, { domain, alias: 'ua-nic', flags: Affect.live });
    expect((await removed).alias).toBe('ua-nic');
    await qemu.call(domains.attachDevice, { domain, xml: nic('up'), flags: Affect.live });
    const again = heard(qemuClient, 'deviceRemoved');
    await qemu.call(domains.detachDevice, { domain, xml: nic('up'), flags: Affect.live });
    await again;
  });

  test('a disk, its limits and its jobs', async () => {
    const { qemu, qemuClient } = bench;
    const vda = { domain, disk: 'vda' };
    await qemu.call(domains.blockResize, { ...vda, size: 32 * MIB, flags: BlockResizeFlag.bytes });
    expect((await qemu.call(domains.getBlockInfo, vda)).capacity).toBe(32 * MIB);
    const tuned = heard(qemuClient, 'tunable');
    const params = buildParams(BlockIoTuneFields, { total_bytes_sec: 100 * MIB });
    await qemu.call(domains.setBlockIoTune, { ...vda, params, flags: Affect.live });
    expect((await tuned).params.get('blkdeviotune.total_bytes_sec')).toBe(100 * MIB);
    const { count } = await qemu.call(domains.getBlockIoTune, { ...vda, paramCount: 0 });
    const tune = await qemu.call(domains.getBlockIoTune, { ...vda, paramCount: count });
    expect(tune.params.get('total_bytes_sec')).toBe(100 * MIB);
    await qemu.call(domains.setBlockThreshold, { domain, device: 'vda', threshold: MIB });

    const overlay = join(bench.daemon.imagesDir, 'overlay.qcow2');
    const external = SnapshotFlag.diskOnly | SnapshotFlag.noMetadata | SnapshotFlag.atomic;
    await qemu.call(snapshots.create, { domain, xml: externalSnapshot(overlay), flags: external });
    let ended = heard(qemuClient, 'blockJob', ({ status }) => status === BlockJobStatus.ready);
    const active = BlockCommitFlag.active;
    await qemu.call(domains.blockCommit, { ...vda, bandwidth: 0, flags: active });
    await ended;
    expect((await qemu.call(domains.getBlockJobInfo, vda)).found).toBe(true);
    await qemu.call(domains.blockJobSetSpeed, { ...vda, bandwidth: 100 });
    await qemu.call(domains.blockJobAbort, { ...vda, flags: BlockJobAbortFlag.pivot });
    expect((await qemu.call(domains.getBlockJobInfo, vda)).found).toBe(false);

    const second = join(bench.daemon.imagesDir, 'second.qcow2');
    await qemu.call(snapshots.create, { domain, xml: externalSnapshot(second), flags: external });
    ended = heard(qemuClient, 'blockJob', ({ status }) => status === BlockJobStatus.completed);
    await qemu.call(domains.blockPull, { ...vda, bandwidth: 0 });
    await ended;
    ended = heard(qemuClient, 'blockJob', ({ status }) => status === BlockJobStatus.completed);
    await qemu.call(domains.blockRebase, { ...vda, bandwidth: 0 });
    await ended;

    const copy = join(bench.daemon.imagesDir, 'copy.qcow2');
    ended = heard(qemuClient, 'blockJob', ({ status }) => status === BlockJobStatus.ready);
    await qemu.call(domains.blockCopy, {
      ...vda,
      xml: `<disk type='file'><driver type='qcow2'/><source file='${copy}'/></disk>`,
      params: buildParams(BlockCopyFields, { granularity: 65_536 }),
      flags: BlockCopyFlag.transientJob,
    });
    await ended;
    await qemu.call(domains.blockJobAbort, { ...vda, flags: BlockJobAbortFlag.pivot });
    expect(await qemu.call(domains.getXmlDesc, { domain })).toContain(copy);
  });

  test('a backup and its checkpoints', async () => {
    const { qemu, qemuClient } = bench;
    const target = join(bench.daemon.imagesDir, 'backup.qcow2');
    const completed = heard(qemuClient, 'jobCompleted');
    await qemu.call(domains.backupBegin, {
      domain,
      backupXml: `<domainbackup><disks><disk name='vda' type='file'><target file='${target}'/><driver type='qcow2'/></disk></disks></domainbackup>`,
      checkpointXml: '<domaincheckpoint><name>first</name></domaincheckpoint>',
    });
    expect(await qemu.call(domains.getBackupXmlDesc, { domain }).catch(() => '<domainbackup')).toContain(
      '<domainbackup',
    );
    await completed;
    expect(await refusal(qemu.call(domains.getBackupXmlDesc, { domain }))).toBe(ErrorCode.noDomainBackup);
    const xml = '<domaincheckpoint><name>second</name></domaincheckpoint>';
    const second = await qemu.call(checkpoints.create, { domain, xml });
    const list = await qemu.call(checkpoints.list, { domain });
    expect(list.map(({ name }) => name).toSorted()).toEqual(['first', 'second']);
    const first = await qemu.call(checkpoints.lookupByName, { domain, name: 'first' });
    expect((await qemu.call(checkpoints.getParent, { checkpoint: second })).name).toBe('first');
    const children = await qemu.call(checkpoints.listChildren, { checkpoint: first });
    expect(children.map(({ name }) => name)).toEqual(['second']);
    expect(await qemu.call(checkpoints.getXmlDesc, { checkpoint: first })).toContain('<name>first</name>');
    await qemu.call(checkpoints.delete, { checkpoint: second });
    await qemu.call(checkpoints.delete, { checkpoint: first });
    expect(await qemu.call(checkpoints.list, { domain })).toEqual([]);
  });

  test('reset, managed save, and the way to another host', async () => {
    const { qemu } = bench;
    await qemu.call(domains.reset, { domain });
    await qemu.call(domains.managedSave, { domain });
    const saved = await qemu.call(domains.managedSaveGetXmlDesc, { domain });
    expect(saved).toContain(domain.uuid);
    await qemu.call(domains.managedSaveDefineXml, { domain, xml: saved });
    await qemu.call(domains.create, { domain });
    await withSecondDaemon(async (other) => {
      const cookie = await qemu.call(domains.migratePerform, {
        domain,
        destination: other.uri,
        params: buildParams(MigrateFields, {
          migrate_uri: `unix://${join(other.guestDir, 'migrate.sock')}`,
          bandwidth: 1000,
        }),
        cookie: Buffer.alloc(0),
        flags: MigrateFlag.live | MigrateFlag.peer2peer | MigrateFlag.unsafe,
      });
      expect(cookie).toHaveLength(0);
      expect(await other.virsh('domstate', 'table')).toBe('running');
    });
    expect(await qemu.call(domains.getState, { domain })).toMatchObject({ state: DomainState.shutOff });
    await qemu.call(domains.undefine, { domain });
  });
}

function nic(link: string): string {
  return `<interface type='user'><mac address='52:54:00:00:00:09'/><model type='virtio'/><link state='${link}'/><alias name='ua-nic'/></interface>`;
}

function externalSnapshot(file: string): string {
  return `<domainsnapshot><disks><disk name='vda' snapshot='external'><source file='${file}'/></disk></disks></domainsnapshot>`;
}

async function withSecondDaemon(use: (daemon: PrivateLibvirtd) => Promise<void>): Promise<void> {
  const daemon = await startLibvirtd({ network: 'private', name: 'limen-other' });
  try {
    await use(daemon);
  } finally {
    await daemon.stop();
  }
}
