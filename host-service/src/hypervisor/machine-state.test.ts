import { DomainState } from 'node-libvirt';
import { expect, test } from 'vitest';
import { virtualizationFlag } from './acceleration.ts';
import { consoleEndpoint } from './console-endpoint.ts';
import { formatVersion } from './facts.ts';
import { isActive, machineState, stateReason } from './machine-state.ts';

test('states are those of the contract', () => {
  const states = Object.values(DomainState).map((state) => machineState(state, false));
  expect(states).toEqual([
    'running',
    'running',
    'running',
    'paused',
    'shutting-down',
    'off',
    'crashed',
    'suspended',
  ]);
  expect(machineState(DomainState.shutOff, true)).toBe('saved');
  expect(machineState(DomainState.running, true)).toBe('running');
  expect([isActive('saved'), isActive('off'), isActive('paused')]).toEqual([false, false, true]);
});

test('reasons have libvirt’s names, unknown ones none', () => {
  expect(stateReason({ state: DomainState.running, reason: 1 })).toBe('booted');
  expect(stateReason({ state: DomainState.paused, reason: 5 })).toBe('ioerror');
  expect(stateReason({ state: DomainState.shutOff, reason: 2 })).toBe('destroyed');
  expect(stateReason({ state: DomainState.crashed, reason: 1 })).toBe('panicked');
  expect(stateReason({ state: DomainState.running, reason: 0 })).toBeNull();
  expect(stateReason({ state: DomainState.running, reason: 999 })).toBeNull();
  expect(stateReason({ state: 42, reason: 1 })).toBeNull();
});

test('a screen is at its socket, or its port on an address one can connect to', () => {
  expect(consoleEndpoint({ socket: '/run/vnc', address: null, port: null })).toEqual({
    kind: 'unix',
    path: '/run/vnc',
  });
  expect(consoleEndpoint({ socket: null, address: '0.0.0.0', port: 5901 })).toEqual({
    kind: 'tcp',
    host: '127.0.0.1',
    port: 5901,
  });
  expect(consoleEndpoint({ socket: null, address: '::', port: 5901 })).toMatchObject({ host: '::1' });
  expect(consoleEndpoint({ socket: null, address: '10.0.0.1', port: 5901 })).toMatchObject({
    host: '10.0.0.1',
  });
  for (const nowhere of [null, { socket: null, address: '127.0.0.1', port: null }]) {
    expect(() => consoleEndpoint(nowhere)).toThrow(
      expect.objectContaining({ code: 'CONFLICT', data: { reason: 'no-console' } }),
    );
  }
});

test('virtualisation shows as a whole flag of the CPU', () => {
  expect(virtualizationFlag('processor\t: 0\nflags\t\t: fpu vmx sse\n')).toBe('vmx');
  expect(virtualizationFlag('flags\t\t: fpu svm\n')).toBe('svm');
  expect(virtualizationFlag('flags\t\t: fpu vmx_like svm_lock\nbugs: vmx\n')).toBeNull();
  expect(virtualizationFlag('')).toBeNull();
});

test('versions read as people write them', () => {
  expect(formatVersion(9_000_000)).toBe('9.0.0');
  expect(formatVersion(7_002_022)).toBe('7.2.22');
  expect(formatVersion(11_003_001)).toBe('11.3.1');
});
