import type { CloudInit, MachineId } from '@limen/contract';
import { stringify as toYaml } from 'yaml';
import type { SeedFiles } from '../../../ports/seed.ts';

export interface SeedSubject {
  readonly machineId: MachineId;
  readonly name: string;
  /** Of the interface the network settings are for. */
  readonly mac: string;
  /** `$6$…`; null without a password. */
  readonly passwordHash: string | null;
}

/** What cloud-init is to find at the first boot. The password comes hashed; `cloudInit.password` is not looked at. */
export function seedFiles(cloudInit: CloudInit, subject: SeedSubject): SeedFiles {
  const hostname = cloudInit.hostname ?? hostnameOf(subject.name);
  return {
    metaData: yaml({ 'instance-id': subject.machineId, 'local-hostname': hostname }),
    userData: cloudInit.userData ?? `#cloud-config\n${yaml(cloudConfig(cloudInit, subject, hostname))}`,
    networkConfig: networkConfig(cloudInit.network, subject.mac),
  };
}

/**
 * Everything is said of the image's default user, only renamed: so the user has the groups, the shell and the rights
 * to administrate that the distribution gives it.
 */
function cloudConfig(
  { user, sshKeys, packages, runCommands }: CloudInit,
  { passwordHash }: SeedSubject,
  hostname: string,
): Record<string, unknown> {
  return {
    hostname: hostname.split('.')[0],
    ...(hostname.includes('.') && { fqdn: hostname }),
    manage_etc_hosts: true,
    ...(user !== undefined && { user: { name: user } }),
    ...(user === 'root' && { disable_root: false }),
    ...(passwordHash !== null && { password: passwordHash, chpasswd: { expire: false }, ssh_pwauth: true }),
    ...(sshKeys.length > 0 && { ssh_authorized_keys: sshKeys }),
    ...(packages.length > 0 && { package_update: true, packages }),
    ...(runCommands.length > 0 && { runcmd: runCommands }),
  };
}

/** Version 2 of cloud-init's format. By default routes with a prefix, which all its renderers take for the default. */
function networkConfig(network: CloudInit['network'], mac: string): string | null {
  if (network.type === 'dhcp') return null;
  const { address, gateway, nameservers } = network;
  return yaml({
    version: 2,
    ethernets: {
      primary: {
        match: { macaddress: mac },
        addresses: [address],
        ...(gateway !== undefined && {
          routes: [{ to: gateway.includes(':') ? '::/0' : '0.0.0.0/0', via: gateway }],
        }),
        ...(nameservers.length > 0 && { nameservers: { addresses: nameservers } }),
      },
    },
  });
}

/** A machine's name as a label of DNS: `Web server 1` is `web-server-1`. */
export function hostnameOf(name: string): string {
  const label = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replaceAll(/^-+|-+$/g, '');
  return label === '' ? 'machine' : label;
}

/** Without folded lines, which simple readers of seeds do not put together again. */
function yaml(value: unknown): string {
  return toYaml(value, { lineWidth: 0 });
}
