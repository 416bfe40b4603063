import { readFile, stat } from 'node:fs/promises';
import {
  type HypervisorStatus,
  LimenError,
  type MachineId,
  machineId,
  type MachineState,
} from '@limen/contract';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bootGuest, type Guest } from '../../../tests/fixtures/guest.ts';
import { type PrivateLibvirtd, startLibvirtd } from '../../../tests/fixtures/libvirtd.ts';
import type { Hypervisor } from '../ports/hypervisor.ts';
import type { AccelerationOverride } from './acceleration.ts';
import { createLibvirtHypervisor } from './libvirt-hypervisor.ts';

const id = machineId.parse('7a7d7f0c-6a39-4f0e-9f57-2f60a3b3f0aa');
const logger = pino({ level: 'silent' });

let daemon: PrivateLibvirtd;
let hypervisor: Hypervisor;

function create(accelerationOverride: AccelerationOverride = 'auto'): Hypervisor {
  return createLibvirtHypervisor({
    uri: 'qemu:///system',
    socketPath: daemon.socketPath,
    accelerationOverride,
    logger,
  });
}

function reached(state: HypervisorStatus['state']): Promise<HypervisorStatus> {
  return new Promise((resolve) => {
    const stop = hypervisor.onStatus((status) => {
      if (status.state !== state) return;
      stop();
      resolve(status);
    });
  });
}

async function stateNow(): Promise<MachineState | 'gone'> {
  try {
    return (await hypervisor.getMachine(id)).state;
  } catch (error) {
    if (LimenError.is(error, 'NOT_FOUND')) return 'gone';
    throw error;
  }
}

/** Resolves at the announcement after which the machine reads as `state`. */
function becomes(state: MachineState | 'gone'): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = async () => {
      if ((await stateNow()) !== state) return;
      stop();
      resolve();
    };
    const stop = hypervisor.onMachineChanged((changed) => {
      if (changed === id) look().catch(reject);
    });
  });
}

function definition(name: string): string {
  return `<domain type='qemu'><name>${name}</name><uuid>${id}</uuid><title>A &lt;title&gt;</title><memory unit='MiB'>32</memory>
    <vcpu>1</vcpu><os><type arch='x86_64' machine='pc'>hvm</type></os>
    <devices><graphics type='vnc' port='-1' autoport='yes'/><video><model type='vga'/></video>
    <serial type='pty'/><console type='pty'/></devices></domain>`;
}

beforeAll(async () => {
  daemon = await startLibvirtd();
});

afterAll(() => daemon.stop());

beforeEach(async () => {
  hypervisor = create();
  const connected = reached('connected');
  hypervisor.start();
  await connected;
});

afterEach(async () => {
  await hypervisor.close();
  expect(hypervisor.status.state).toBe('unavailable');
});

describe('a diskless machine', () => {
  test('what virsh does is announced within a second, from definition to removal', async () => {
    const steps: [string[], MachineState | 'gone'][] = [
      [['start', 'watched'], 'running'],
      [['suspend', 'watched'], 'paused'],
      [['resume', 'watched'], 'running'],
      [['managedsave', 'watched'], 'saved'],
      [['start', 'watched'], 'running'],
      [['destroy', 'watched'], 'off'],
      [['undefine', 'watched'], 'gone'],
    ];
    const defined = becomes('off');
    await daemon.define(definition('watched'));
    await defined;
    for (const [command, state] of steps) {
      const announced = becomes(state);
      await daemon.virsh(...command);
      const answered = performance.now();
      await announced;
      expect(performance.now() - answered, command.join(' ')).toBeLessThan(1000);
    }
  });

  test('one read and the list of all say the same', async () => {
    await daemon.define(definition('compared'));
    await daemon.virsh('autostart', 'compared');
    const off = await hypervisor.getMachine(id);
    expect(off).toMatchObject({
      id,
      name: 'compared',
      title: 'A <title>',
      state: 'off',
      startedAt: null,
      persistent: true,
      autostart: true,
      accelerator: 'tcg',
      consoles: { vnc: true, serial: true },
    });
    expect(await hypervisor.listMachines()).toEqual([off]);
    const before = Date.now();
    await hypervisor.power(id, 'start');
    const running = await hypervisor.getMachine(id);
    expect(running).toMatchObject({ state: 'running', stateReason: 'booted' });
    // File times are those of the last timer tick.
    expect(Date.parse(running.startedAt ?? '')).toBeGreaterThanOrEqual(before - 20);
    expect(Date.parse(running.startedAt ?? '')).toBeLessThanOrEqual(Date.now());
    expect(await hypervisor.listMachines()).toEqual([running]);
    await hypervisor.power(id, 'destroy');
    await daemon.virsh('undefine', 'compared');
  });

  test('an id that is no RFC 9562 UUID, as converted machines have, is as good as any', async () => {
    const odd = machineId.parse('564D0000-1111-0111-0111-111111111111');
    const announced = new Promise<MachineId>((resolve) => hypervisor.onMachineChanged(resolve));
    await daemon.define(definition('odd').replace(id, odd));
    expect(await announced).toBe(odd);
    expect(await hypervisor.getMachine(odd)).toMatchObject({ id: odd, name: 'odd' });
    expect(await hypervisor.listMachines()).toMatchObject([{ id: odd }]);
    await daemon.virsh('undefine', 'odd');
  });

  test('every power action, and the answer where it makes no sense', async () => {
    await daemon.define(definition('power'));
    const off = { code: 'CONFLICT', data: { reason: 'wrong-state', state: 'off', allowed: ['start'] } };
    for (const action of ['shutdown', 'reboot', 'reset', 'suspend', 'resume', 'destroy'] as const) {
      await expect(hypervisor.power(id, action), action).rejects.toMatchObject(off);
    }
    await hypervisor.power(id, 'start');
    await expect(hypervisor.power(id, 'start')).rejects.toMatchObject({
      code: 'CONFLICT',
      data: { state: 'running' },
    });
    await hypervisor.power(id, 'suspend');
    expect(await hypervisor.getMachine(id)).toMatchObject({ state: 'paused', stateReason: 'user' });
    await expect(hypervisor.power(id, 'suspend')).rejects.toMatchObject({
      code: 'CONFLICT',
      data: { state: 'paused' },
    });
    await hypervisor.power(id, 'resume');
    await hypervisor.power(id, 'reset');
    await hypervisor.power(id, 'reboot');
    await hypervisor.power(id, 'shutdown');
    await hypervisor.power(id, 'destroy');
    expect(await hypervisor.getMachine(id)).toMatchObject({ state: 'off', stateReason: 'destroyed' });
    await daemon.virsh('undefine', 'power');
    for (const work of [
      hypervisor.power(id, 'start'),
      hypervisor.getMachine(id),
      hypervisor.vncEndpoint(id),
    ]) {
      await expect(work).rejects.toMatchObject({ code: 'NOT_FOUND', data: { kind: 'machine', id } });
    }
  });

  test('a transient machine is gone when it is powered off', async () => {
    await daemon.define(definition('fleeting'));
    await hypervisor.power(id, 'start');
    await daemon.virsh('undefine', 'fleeting');
    expect(await hypervisor.getMachine(id)).toMatchObject({ persistent: false, state: 'running' });
    const gone = becomes('gone');
    await hypervisor.power(id, 'destroy');
    await gone;
  });

  test('a screen is only to be had while it runs', async () => {
    await daemon.define(definition('screen'));
    await expect(hypervisor.vncEndpoint(id)).rejects.toMatchObject({
      code: 'CONFLICT',
      data: { reason: 'no-console' },
    });
    await hypervisor.power(id, 'start');
    expect(await hypervisor.vncEndpoint(id)).toEqual({
      kind: 'tcp',
      host: '127.0.0.1',
      port: expect.any(Number),
    });
    await hypervisor.power(id, 'destroy');
    await daemon.virsh('undefine', 'screen');
  });
});

describe('a real guest', () => {
  let guest: Guest;

  beforeAll(async () => {
    guest = await bootGuest(daemon, { name: 'guest', memoryMiB: 256, vcpus: 2, uuid: id });
    await guest.waitFor('LIMEN-READY');
  });

  afterAll(() => guest.events.close());

  test('its screen is where its definition says', async () => {
    expect(await hypervisor.vncEndpoint(id)).toEqual({ kind: 'unix', path: guest.vncSocket });
    expect((await stat(guest.vncSocket)).isSocket()).toBe(true);
  });

  test('its counters are there and move', async () => {
    const [first] = await hypervisor.machineCounters();
    expect(first).toMatchObject({ machineId: id, vcpus: 2, diskReadBytes: 0, networkReceiveBytes: 0 });
    expect(first?.memoryUsedBytes).toBeGreaterThan(1024 ** 2);
    // Without control groups libvirt counts CPU time in ticks of 10 ms, which an idle guest does not use up at once.
    await expect
      .poll(async () => (await hypervisor.machineCounters())[0]?.cpuTimeNs, { timeout: 20_000 })
      .toBeGreaterThan(first?.cpuTimeNs ?? Number.POSITIVE_INFINITY);
  });

  test('shutdown asks it, and it goes', async () => {
    const off = becomes('off');
    await hypervisor.power(id, 'shutdown');
    await guest.waitFor('LIMEN-DOWN');
    await off;
    expect(await hypervisor.getMachine(id)).toMatchObject({ state: 'off', stateReason: 'shutdown' });
    expect(await hypervisor.machineCounters()).toEqual([]);
    await daemon.virsh('undefine', 'guest');
  });
});

describe('the host', () => {
  test('its facts and counters agree with the kernel', async () => {
    const facts = await hypervisor.facts();
    expect(facts).toMatchObject({ uri: 'qemu:///system', hostname: 'limen-test' });
    expect(facts.libvirtVersion).toMatch(/^\d+\.\d+\.\d+$/);
    expect(facts.qemuVersion).toMatch(/^\d+\.\d+\.\d+$/);
    const { cpu } = facts;
    expect(cpu.sockets * cpu.coresPerSocket * cpu.threadsPerCore).toBeGreaterThanOrEqual(1);
    const total = /^MemTotal:\s+(\d+) kB$/m.exec(await readFile('/proc/meminfo', 'utf8'))?.[1];
    const counters = await hypervisor.hostCounters();
    expect(counters.memoryTotalBytes).toBe(Number(total) * 1024);
    expect(facts.memoryBytes).toBe(counters.memoryTotalBytes);
    expect(counters.memoryUsedBytes).toBeGreaterThan(0);
    expect(counters.cpuBusyNs).toBeGreaterThan(0);
    expect(counters.cpuTotalNs).toBeGreaterThan(counters.cpuBusyNs);
  });

  test('emulation is chosen where KVM fails a check, unless the configuration says otherwise', async () => {
    // The private daemon has no /dev/kvm, so whatever this machine can do, libvirt cannot use it.
    expect(hypervisor.acceleration).toMatchObject({ chosen: 'tcg', overridden: false });
    const forced = create('kvm');
    expect(forced.acceleration).toMatchObject({ chosen: 'kvm', overridden: true });
    await forced.close();
  });
});

describe('a daemon that goes away', () => {
  test('is unavailable, then connected again, and its events are heard at once', async () => {
    await daemon.define(definition('survivor'));
    const lost = reached('unavailable');
    await daemon.kill();
    expect((await lost).detail).not.toBeNull();
    for (const work of [
      hypervisor.listMachines(),
      hypervisor.getMachine(id),
      hypervisor.facts(),
      hypervisor.machineCounters(),
    ]) {
      await expect(work).rejects.toMatchObject({ code: 'HYPERVISOR_UNAVAILABLE' });
    }
    const back = reached('connected');
    await daemon.start();
    await back;
    expect(await hypervisor.listMachines()).toMatchObject([{ id, name: 'survivor', state: 'off' }]);
    const gone = becomes('gone');
    await daemon.virsh('undefine', 'survivor');
    await gone;
  });
});
