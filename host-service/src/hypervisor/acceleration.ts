import { constants, open, readFile } from 'node:fs/promises';
import { LibvirtError, type LibvirtClient, procedures } from 'node-libvirt';
import type { Acceleration } from '../ports/hypervisor.ts';

export type AccelerationOverride = 'auto' | 'kvm' | 'tcg';

type Check = Acceleration['checks'][number];

/** Asking about KVM makes libvirt probe QEMU with it, which takes seconds the first time. */
const PROBE = { timeoutMs: 60_000 };

/** What is known before anything was checked: emulation works everywhere. */
export function assumedAcceleration(override: AccelerationOverride): Acceleration {
  return decide(override, []);
}

/**
 * Decide whether KVM truly works, by the checks of virt-host-validate: the CPU offers virtualisation and the
 * device can be opened. libvirt is asked last, and only if these pass, because its probe is slow exactly where
 * KVM is broken: nested machines show a `/dev/kvm` that opens and then runs no guest.
 */
export async function checkAcceleration(
  client: LibvirtClient,
  override: AccelerationOverride,
): Promise<Acceleration> {
  const local = await Promise.all([checkCpu(), checkDevice()]);
  if (!local.every((check) => check.passed)) return decide(override, local);
  return decide(override, [...local, await checkLibvirt(client)]);
}

function decide(override: AccelerationOverride, checks: readonly Check[]): Acceleration {
  if (override !== 'auto') return { chosen: override, overridden: true, checks };
  const works = checks.length > 0 && checks.every((check) => check.passed);
  return { chosen: works ? 'kvm' : 'tcg', overridden: false, checks };
}

/** Only x86 announces virtualisation as a CPU flag; elsewhere the device alone tells. */
async function checkCpu(): Promise<Check> {
  const name = 'cpu-virtualization';
  if (process.arch !== 'x64' && process.arch !== 'ia32') {
    return { name, passed: true, detail: `${process.arch} has no flag for it` };
  }
  const text = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  const flag = virtualizationFlag(text);
  return flag === null
    ? {
        name,
        passed: false,
        detail:
          'the CPU shows neither vmx nor svm: switched off in the firmware, or this is a virtual machine',
      }
    : { name, passed: true, detail: flag };
}

/** `vmx` (Intel) or `svm` (AMD) in the text of `/proc/cpuinfo`, else null. */
export function virtualizationFlag(cpuinfo: string): 'vmx' | 'svm' | null {
  const flags = new Set(/^flags\s*:\s*(.*)$/m.exec(cpuinfo)?.[1]?.split(/\s+/));
  if (flags.has('vmx')) return 'vmx';
  return flags.has('svm') ? 'svm' : null;
}

async function checkDevice(): Promise<Check> {
  const name = 'kvm-device';
  try {
    const device = await open('/dev/kvm', constants.O_RDWR);
    await device.close();
    return { name, passed: true, detail: '/dev/kvm' };
  } catch (error) {
    return { name, passed: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

async function checkLibvirt(client: LibvirtClient): Promise<Check> {
  const name = 'libvirt-kvm';
  try {
    await client.call(procedures.connect.getDomainCapabilities, { virtType: 'kvm' }, PROBE);
    return { name, passed: true, detail: 'libvirt runs QEMU with KVM' };
  } catch (error) {
    if (error instanceof LibvirtError) return { name, passed: false, detail: error.message };
    throw error;
  }
}
