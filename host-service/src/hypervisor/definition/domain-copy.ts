import type { DomainXml } from 'node-libvirt';
import type { CopyPlan } from '../../ports/machine-editor.ts';
import { METADATA_NAMESPACE, metadataElement, writableMetadata } from '../machine-metadata.ts';
import { finishInstallation } from './domain-edits.ts';

/**
 * Make a source's definition that of a copy: same hardware, own identity. The NVRAM file is the caller's to copy; a
 * TPM starts empty, since what is sealed in one must not be had twice.
 */
export function copyDomain(domain: DomainXml, plan: CopyPlan): DomainXml {
  domain.uuid = plan.machineId;
  domain.name = plan.name;
  // libvirt makes another one, by which Windows notices that it was copied.
  if (domain.genid !== null) domain.genid = '';
  if (plan.description !== null) domain.description = plan.description || null;
  const metadata = writableMetadata(domain.metadata(METADATA_NAMESPACE));
  domain.setMetadata(
    METADATA_NAMESPACE,
    metadataElement({ ...metadata, owner: plan.owner, installing: false, trashed: null }),
  );
  const { nvram } = domain.os;
  if (nvram !== null) domain.os.nvram = { ...nvram, path: plan.nvramPath };
  copyDisks(domain, plan);
  // The copy has what was installed so far, and no media to go on with.
  if (metadata.installing) finishInstallation(domain);
  domain.devices.interfaces.forEach((nic, index) => {
    nic.mac = plan.macs[index] ?? null;
    nic.target = null;
  });
  // Sockets and logs at places of its own belong to the source; libvirt chooses others.
  for (const screen of domain.devices.graphics) {
    if (screen.socket !== null) screen.listens = [{ type: 'socket' }];
  }
  for (const channel of domain.devices.channels) {
    if (channel.type === 'unix') channel.sourcePath = null;
  }
  return domain;
}

function copyDisks({ devices }: DomainXml, { disks }: CopyPlan): void {
  for (const disk of devices.disks) {
    const copy = disks.get(disk.target ?? '');
    if (copy !== undefined) {
      disk.source = { type: 'file', file: copy.path };
      disk.format = copy.format;
      disk.backingChain = null;
    } else if (disk.device === 'cdrom' || disk.device === 'floppy') {
      disk.source = null;
      disk.element.setAttribute('type', 'file');
    }
  }
}
