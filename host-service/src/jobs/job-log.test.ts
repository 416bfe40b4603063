import { LimenError } from '@limen/contract';
import { describe, expect, it } from 'vitest';
import { inWords } from './job-log.ts';

describe('an error in a log', () => {
  it('says what its data says', () => {
    const detail = 'its sha256 is aa, not bb';
    const error = new LimenError('UNSUITABLE_IMAGE', { reason: 'checksum-mismatch', detail });
    expect(inWords(error)).toBe(`This cannot be used as an image: ${detail}`);
    expect(inWords(new LimenError('UNSUPPORTED', { feature: 'TPM 2.0', packages: [] }))).toBe(
      'This host cannot do that: TPM 2.0',
    );
  });

  it('says nothing twice, and does without data', () => {
    const data = { libvirtCode: 1, libvirtDomain: 10, detail: 'no such bridge' };
    const error = new LimenError('HYPERVISOR_ERROR', data, { message: 'libvirt: no such bridge' });
    expect(inWords(error)).toBe('libvirt: no such bridge');
    expect(inWords(new LimenError('CANCELLED', {}))).toBe('Cancelled');
  });
});
