import { Disk, type DomainXml } from 'node-libvirt';
import type { MachinePlan } from '../../ports/machine-editor.ts';

/** The system disk, then the CD drives, each with its place in the boot order. */
export function addDrives(domain: DomainXml, plan: MachinePlan): void {
  const { devices } = domain;
  const { path, format, bus, directIo } = plan.disk;
  devices.add(
    Disk.create({
      target: devices.nextTargetDev(bus),
      bus,
      format,
      source: { type: 'file', file: path },
      // Blocks the guest frees are freed on the host.
      discard: 'unmap',
      cache: directIo ? 'none' : null,
      bootOrder: plan.installing ? 2 : 1,
    }),
  );
  plan.media.forEach((medium, index) => {
    devices.add(
      Disk.create({
        device: 'cdrom',
        target: devices.nextTargetDev(plan.mediaBus),
        bus: plan.mediaBus,
        format: 'raw',
        source: medium.path === null ? null : { type: 'file', file: medium.path },
        readonly: true,
        bootOrder: index === 0 ? mediumOrder(plan) : null,
      }),
    );
  });
}

/** After an installation the disk comes first, and a medium a person inserts is still tried when it cannot boot. */
function mediumOrder({ installing }: MachinePlan): number {
  return installing ? 1 : 2;
}
