import { LimenError } from '@limen/contract';

/** What was asked for cannot be, whatever libvirt may say. */
export function invalid(field: string, message: string): LimenError<'INVALID_INPUT'> {
  return new LimenError('INVALID_INPUT', { issues: [{ path: [field], message }] }, { message });
}
