import type { JobDefinition } from '../../ports/jobs.ts';
import { type Admission, admission, type AdmissionState } from './admission/admission.ts';
import { type AdmissionPorts, admissionSteps } from './admission/steps.ts';

/** More at once only make each other slow: they share one disk. */
const AT_ONCE = 2;

/** Make an image of a file that somebody has sent. */
export function receiveJob(ports: AdmissionPorts): JobDefinition<Admission, AdmissionState> {
  return { kind: 'image.receive', args: admission, steps: admissionSteps(ports), concurrency: AT_ONCE };
}
