import { LimenError } from '@limen/contract';
import {
  ConnectionLostError,
  DeadlineError,
  ErrorCode,
  ErrorDomain,
  LibvirtError,
  ProtocolError,
} from 'node-libvirt';
import { expect, test } from 'vitest';
import { toLimenError } from './errors.ts';

function libvirtError(code: number): LibvirtError {
  return new LibvirtError({
    code,
    domain: ErrorDomain.qemu,
    level: 2,
    message: 'formatted: why',
    detail: 'why',
  });
}

test.each([
  [libvirtError(ErrorCode.noDomain), 'NOT_FOUND', { kind: 'machine', id: 'some-id' }],
  [libvirtError(ErrorCode.operationInvalid), 'CONFLICT', { reason: 'wrong-state' }],
  [
    libvirtError(ErrorCode.internalError),
    'HYPERVISOR_ERROR',
    { libvirtCode: 1, libvirtDomain: 10, detail: 'why' },
  ],
  [new ConnectionLostError('gone'), 'HYPERVISOR_UNAVAILABLE', { detail: 'gone' }],
  [new ProtocolError('nonsense'), 'HYPERVISOR_UNAVAILABLE', { detail: 'nonsense' }],
  [new DeadlineError('a call', 1500), 'TIMEOUT', { afterSeconds: 1.5 }],
  [new TypeError('a bug'), 'INTERNAL', {}],
])('%s', (cause, code, data) => {
  expect(toLimenError(cause, 'some-id')).toMatchObject({ code, data, cause });
});

test('a LimenError passes unchanged', () => {
  const error = new LimenError('CONFLICT', { reason: 'no-console' });
  expect(toLimenError(error)).toBe(error);
});
