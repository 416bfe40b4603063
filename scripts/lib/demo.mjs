import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { administrator, withPrefix } from './apt.mjs';
import { cache, root } from './paths.mjs';
import { mustRun, run } from './run.mjs';
import { say, seconds } from './say.mjs';

const name = 'limen-demo';
const folder = '/var/lib/libvirt/images/limen-demo';
const libvirt = ['--quiet', '--connect', 'qemu:///system'];

/**
 * Build the small guest, define it on the system's libvirt and start it. Does what is missing of that only.
 */
export async function startDemoMachine() {
  const known = await run('virsh', [...libvirt, 'domstate', name], { env: { ...process.env, LC_ALL: 'C' } });
  if (known.code !== 0) await defineDemoMachine();
  else if (known.stdout.trim() === 'running') return;
  await mustRun('virsh', [...libvirt, 'start', name]);
  say(`the machine "${name}" is running; to remove it: virsh destroy ${name}; virsh undefine ${name}`);
}

async function defineDemoMachine() {
  say('building a small Linux guest from Debian packages (once)');
  const start = performance.now();
  const built = (await mustRun(join(root, 'tests/guest/build.sh'), [join(cache, 'guest')])).trim();
  say(`guest built in ${seconds(start)}`);
  const become = await administrator('to place the guest where QEMU can read it');
  if (become === undefined)
    throw new Error(`to place the guest in ${folder}, run this as root or install sudo`);
  // QEMU runs as a user of its own, to whom a home folder is closed.
  for (const file of ['vmlinuz', 'initrd.img']) {
    await mustRun(
      ...withPrefix(become, ['install', '-D', '-m', '644', join(built, file), join(folder, file)]),
    );
  }
  const work = await mkdtemp(join(tmpdir(), 'limen-demo-'));
  try {
    const file = join(work, 'demo.xml');
    await writeFile(file, await demoXml());
    await mustRun('virsh', [...libvirt, 'define', file]);
  } finally {
    await rm(dirname(join(work, 'demo.xml')), { recursive: true });
  }
}

async function demoXml() {
  const type = (await kvmWorks()) ? 'kvm' : 'qemu';
  // libvirt's folder for console sockets is closed to everybody but root and QEMU.
  const graphics =
    process.getuid?.() === 0
      ? "<graphics type='vnc'><listen type='socket'/></graphics>"
      : "<graphics type='vnc' port='-1' autoport='yes' listen='127.0.0.1'/>";
  return `<domain type='${type}'>
  <name>${name}</name>
  <uuid>${randomUUID()}</uuid>
  <title>Demo: a small Linux that lives in memory</title>
  <memory unit='MiB'>256</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <kernel>${folder}/vmlinuz</kernel>
    <initrd>${folder}/initrd.img</initrd>
    <cmdline>console=ttyS0,115200 console=tty0 quiet no_timer_check</cmdline>
  </os>
  <features><acpi/><apic/></features>
  <clock offset='utc'/>
  <on_reboot>restart</on_reboot>
  <devices>
    <controller type='virtio-serial' index='0'/>
    <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
    <channel type='unix'><target type='virtio' name='org.limen.agent.0'/></channel>
    <serial type='pty'><target type='isa-serial' port='0'/></serial>
    <console type='pty'><target type='serial' port='0'/></console>
    ${graphics}
    <video><model type='vga'/></video>
    <memballoon model='virtio'><stats period='5'/></memballoon>
    <rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>
  </devices>
</domain>
`;
}

/** @returns {Promise<boolean>} a /dev/kvm without the processor's flags is a nested one that hangs guests. */
async function kvmWorks() {
  try {
    await access('/dev/kvm', constants.F_OK);
    return /^flags\s*:.*\b(vmx|svm)\b/m.test(await readFile('/proc/cpuinfo', 'utf8'));
  } catch {
    return false;
  }
}
