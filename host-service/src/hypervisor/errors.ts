import { LimenError } from '@limen/contract';
import {
  ConnectionLostError,
  DeadlineError,
  isNoDomain,
  isOperationInvalid,
  LibvirtError,
} from 'node-libvirt';

/**
 * Translate what the libvirt client rejects with into the contract's vocabulary, by number and only here.
 * Anything unknown is a bug of ours and becomes `INTERNAL`.
 *
 * @param machineId the machine the call was about, for `NOT_FOUND`.
 */
export function toLimenError(cause: unknown, machineId = ''): LimenError {
  if (LimenError.is(cause)) return cause;
  if (isNoDomain(cause)) return new LimenError('NOT_FOUND', { kind: 'machine', id: machineId }, { cause });
  if (isOperationInvalid(cause))
    return new LimenError('CONFLICT', { reason: 'wrong-state' }, { message: cause.message, cause });
  if (cause instanceof LibvirtError) {
    const data = {
      libvirtCode: cause.code,
      libvirtDomain: cause.domain,
      detail: cause.detail ?? cause.message,
    };
    return new LimenError('HYPERVISOR_ERROR', data, { message: cause.message, cause });
  }
  if (cause instanceof ConnectionLostError)
    return new LimenError('HYPERVISOR_UNAVAILABLE', { detail: cause.message }, { cause });
  if (cause instanceof DeadlineError)
    return new LimenError('TIMEOUT', { afterSeconds: cause.afterMs / 1000 }, { cause });
  return new LimenError('INTERNAL', {}, { cause });
}

/** Run a call to libvirt; its failure is a LimenError. */
export async function translated<T>(work: () => Promise<T>, machineId?: string): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toLimenError(error, machineId);
  }
}
