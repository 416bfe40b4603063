import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { type PoolType, poolType, type PoolTypeSupport } from '@limen/contract';
import { type LibvirtClient, PoolCapabilitiesXml, procedures } from 'node-libvirt';

/** Where libvirt's helpers lie; a service's own PATH may leave some out. */
const FOLDERS = ['/usr/sbin', '/sbin', '/usr/bin', '/bin'];

/** Debian's packages with libvirt's driver for a kind, where it is not in the main one. */
const drivers: Partial<Record<PoolType, string>> = { rbd: 'libvirt-daemon-driver-storage-rbd' };

/** Programs that libvirt runs for a kind, and their packages; without them it claims support and fails later. */
const helpers: Partial<Record<PoolType, { readonly program: string; readonly package: string }>> = {
  netfs: { program: 'mount.nfs', package: 'nfs-common' },
  logical: { program: 'vgs', package: 'lvm2' },
  iscsi: { program: 'iscsiadm', package: 'open-iscsi' },
};

/** Which kinds of pools this host's libvirt can have, and what the others lack. */
export async function readPoolTypes(client: LibvirtClient): Promise<PoolTypeSupport[]> {
  const capabilities = PoolCapabilitiesXml.parse(
    await client.call(procedures.connect.getPoolCapabilities, {}),
  );
  return Promise.all(
    poolType.options.map(async (type) => {
      if (!capabilities.supports(type)) {
        return { type, supported: false, packages: [drivers[type] ?? 'libvirt-daemon-driver-storage'] };
      }
      const helper = helpers[type];
      if (helper === undefined || (await isInstalled(helper.program)))
        return { type, supported: true, packages: [] };
      return { type, supported: false, packages: [helper.package] };
    }),
  );
}

async function isInstalled(program: string): Promise<boolean> {
  const found = await Promise.all(
    FOLDERS.map((folder) =>
      access(join(folder, program)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}
