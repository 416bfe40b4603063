import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ErrorCode } from '../../src/errors/codes.ts';
import { MetadataType, ShutdownFlag, DomainState } from '../../src/procedures/flags.ts';
import { procedures } from '../../src/procedures/index.ts';
import { CoreDumpFormat } from '../../src/procedures/save-flags.ts';
import type { TableBench } from './bench.ts';
import { refusal } from './executed.ts';

const { connect, domains, snapshots } = procedures;

/** What the test driver does as well as a hypervisor would, and at once. */
export function domainCalls(bench: TableBench): void {
  test('a domain’s definition', async () => {
    const { driver } = bench;
    const xml = `<domain type='test'><name>defined</name><memory unit='MiB'>64</memory><vcpu>2</vcpu>
      <os><type arch='i686'>hvm</type></os></domain>`;
    const domain = await driver.call(domains.defineXml, { xml });
    expect(await driver.call(connect.listAllDomains, {})).toContainEqual(domain);
    expect(await driver.call(domains.lookupByName, { name: 'defined' })).toEqual(domain);
    expect(await driver.call(domains.lookupByUuid, { uuid: domain.uuid })).toEqual(domain);
    expect(await driver.call(domains.isActive, { domain })).toBe(false);
    expect(await driver.call(domains.isPersistent, { domain })).toBe(true);
    expect(await driver.call(domains.isUpdated, { domain })).toBe(false);
    expect(await driver.call(domains.rename, { domain, name: 'renamed' })).toBe(0);
    expect(await driver.call(domains.getXmlDesc, { domain })).toContain('<name>renamed</name>');
    await driver.call(domains.setAutostart, { domain, autostart: true });
    expect(await driver.call(domains.getAutostart, { domain })).toBe(true);
    const title = { domain, type: MetadataType.title };
    await driver.call(domains.setMetadata, { ...title, metadata: 'A title' });
    expect(await driver.call(domains.getMetadata, title)).toBe('A title');
    expect((await driver.call(domains.create, { domain })).id).toBeGreaterThan(0);
    await driver.call(domains.destroy, { domain });
    await driver.call(domains.undefine, { domain });
    expect(await refusal(driver.call(domains.getState, { domain }))).toBe(ErrorCode.noDomain);
  });

  test('a domain’s life', async () => {
    const { driver } = bench;
    const domain = await driver.call(domains.createXml, {
      xml: `<domain type='test'><name>life</name><memory unit='MiB'>64</memory><vcpu current='1'>2</vcpu>
        <os><type arch='i686'>hvm</type></os></domain>`,
    });
    expect(await driver.call(domains.lookupById, { id: domain.id })).toEqual(domain);
    expect(await driver.call(domains.getInfo, { domain })).toMatchObject({
      state: DomainState.running,
      maxMemory: 65_536,
    });
    await driver.call(domains.suspend, { domain });
    expect(await driver.call(domains.getState, { domain })).toMatchObject({ state: DomainState.paused });
    await driver.call(domains.resume, { domain });
    await driver.call(domains.setVcpus, { domain, count: 2 });
    expect(await driver.call(domains.getVcpus, { domain })).toBe(2);
    await driver.call(domains.setMemory, { domain, memory: 32_768 });
    const [all] = await driver.call(connect.getAllDomainStats, { domains: [domain], stats: 0 });
    expect(all?.stats.get('state.state')).toBe(DomainState.running);
    expect(await driver.call(domains.getGuestHostname, { domain })).not.toBe('');
    await driver.call(domains.reboot, { domain, flags: ShutdownFlag.acpi });
    await driver.call(domains.shutdown, { domain });
    expect(await refusal(driver.call(domains.getState, { domain }))).toBe(ErrorCode.noDomain);
  });

  test('memory in files', async () => {
    const { driver, daemon } = bench;
    const domain = await driver.call(domains.lookupByName, { name: 'test' });
    const file = join(daemon.guestDir, 'saved');
    await driver.call(domains.save, { domain, to: file });
    expect(await driver.call(domains.saveImageGetXmlDesc, { file })).toContain(domain.uuid);
    const xml = await driver.call(domains.saveImageGetXmlDesc, { file });
    await driver.call(domains.saveImageDefineXml, { file, xml });
    await driver.call(domains.restore, { from: file });
    await driver.call(domains.coreDump, { domain, to: join(daemon.guestDir, 'core'), flags: 0 });
    const dump = { domain, to: join(daemon.guestDir, 'core2'), format: CoreDumpFormat.raw };
    await driver.call(domains.coreDumpWithFormat, dump);
    await driver.call(domains.managedSave, { domain });
    expect(await driver.call(domains.hasManagedSaveImage, { domain })).toBe(true);
    await driver.call(domains.managedSaveRemove, { domain });
    expect(await driver.call(domains.hasManagedSaveImage, { domain })).toBe(false);
    await driver.call(domains.create, { domain });
  });

  test('snapshots', async () => {
    const { driver } = bench;
    const domain = await driver.call(domains.lookupByName, { name: 'test' });
    expect(await driver.call(snapshots.hasCurrent, { domain })).toBe(false);
    const first = await driver.call(snapshots.create, {
      domain,
      xml: '<domainsnapshot><name>first</name></domainsnapshot>',
    });
    const second = await driver.call(snapshots.create, {
      domain,
      xml: '<domainsnapshot><name>second</name></domainsnapshot>',
    });
    const names = await driver.call(snapshots.list, { domain });
    expect(names.map(({ name }) => name).toSorted()).toEqual(['first', 'second']);
    expect(await driver.call(snapshots.hasCurrent, { domain })).toBe(true);
    expect((await driver.call(snapshots.current, { domain })).name).toBe('second');
    expect(await driver.call(snapshots.isCurrent, { snapshot: second })).toBe(true);
    expect(await driver.call(snapshots.isCurrent, { snapshot: first })).toBe(false);
    expect(await driver.call(snapshots.hasMetadata, { snapshot: first })).toBe(true);
    expect((await driver.call(snapshots.getParent, { snapshot: second })).name).toBe('first');
    const children = await driver.call(snapshots.listChildren, { snapshot: first });
    expect(children.map(({ name }) => name)).toEqual(['second']);
    expect((await driver.call(snapshots.lookupByName, { domain, name: 'first' })).name).toBe('first');
    expect(await driver.call(snapshots.getXmlDesc, { snapshot: second })).toContain('<name>first</name>');
    await driver.call(snapshots.revert, { snapshot: first });
    expect(await driver.call(snapshots.isCurrent, { snapshot: first })).toBe(true);
    await driver.call(snapshots.delete, { snapshot: second });
    await driver.call(snapshots.delete, { snapshot: first });
    expect(await driver.call(snapshots.list, { domain })).toEqual([]);
  });
}
