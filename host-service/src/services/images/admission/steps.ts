import { LimenError } from '@limen/contract';
import type { ImageStore } from '../../../ports/images.ts';
import type { JobStep, StepContext } from '../../../ports/jobs.ts';
import { type DigestAlgorithm, isKept, type ReceivedFiles } from '../../../ports/received-files.ts';
import type { ImageLibrary } from '../library.ts';
import type { Admission, AdmissionState } from './admission.ts';
import { unpackStep } from './unpack-step.ts';

export interface AdmissionPorts {
  readonly received: ReceivedFiles;
  readonly store: Pick<ImageStore, 'add' | 'remove'>;
  readonly library: Pick<ImageLibrary, 'reload'>;
  readonly rules: { readonly maxImageBytes: number };
}

type AdmissionStep = JobStep<Admission, AdmissionState>;
type Context = StepContext<Admission, AdmissionState>;

/**
 * How a file that was received becomes an image of the library; the last steps of the jobs that receive one. A process
 * can die anywhere: afterwards there is the image, or nothing at all. The received file is gone in either case.
 */
export function admissionSteps(ports: AdmissionPorts): AdmissionStep[] {
  return [
    verifyStep(ports),
    unpackStep(ports),
    inspectStep(ports),
    convertStep(ports),
    placeStep(ports),
    enterStep(ports),
  ];
}

/** Rejects with `NOT_FOUND` (`upload`): the job is repeated, and what it received was removed when it failed. */
function verifyStep({ received, rules }: AdmissionPorts): AdmissionStep {
  return {
    name: 'verify',
    weight: 4,
    async run(context) {
      const { imageId, receivedPath } = context.args;
      const expected = context.state.expected ?? context.args.expected;
      const size = await received.size(receivedPath);
      if (size === null) throw new LimenError('NOT_FOUND', { kind: 'upload', id: imageId });
      if (size > rules.maxImageBytes) {
        throw unsuitable('too-large', `it has ${size} bytes, of at most ${rules.maxImageBytes}`);
      }
      const algorithms = new Set<DigestAlgorithm>(['sha256', expected?.algorithm ?? 'sha256']);
      const digests = await received.digest(receivedPath, [...algorithms], workOf(context));
      const valueOf = (wanted: DigestAlgorithm): string | undefined =>
        digests.find(({ algorithm }) => algorithm === wanted)?.value;
      if (expected !== null) {
        const actual = valueOf(expected.algorithm);
        if (actual !== expected.value) {
          const { algorithm, value } = expected;
          throw unsuitable('checksum-mismatch', `its ${algorithm} is ${actual}, not ${value}`);
        }
        context.log(`${expected.algorithm} is as expected`);
      }
      const receivedSha256 = valueOf('sha256');
      return receivedSha256 === undefined ? {} : { receivedSha256 };
    },
    undo: ({ args }) => received.remove(args.receivedPath),
  };
}

export function inspectStep({ received }: AdmissionPorts): AdmissionStep {
  return {
    name: 'inspect',
    async run({ args, log }) {
      const inspected = await received.inspect(args.receivedPath);
      const { format, part, virtualBytes, leftOut } = inspected;
      log(`${part === null ? '' : 'an archive with '}a ${format} image of ${virtualBytes} bytes`);
      if (leftOut.length > 0) log(`further disks are left out: ${leftOut.join(', ')}`);
      return { inspected };
    },
  };
}

function convertStep({ received }: AdmissionPorts): AdmissionStep {
  return {
    name: 'convert',
    weight: 10,
    async run(context) {
      const { args } = context;
      const image = inspectedBy(context);
      if (isKept(image.format) && image.part === null) return;
      const from = { path: args.receivedPath, image };
      await received.convert(from, convertedPath(args), workOf(context));
    },
    undo: ({ args }) => received.remove(convertedPath(args)),
  };
}

export function placeStep({ received }: AdmissionPorts): AdmissionStep {
  return {
    name: 'place',
    weight: 4,
    prepare: ({ args, state }) => {
      const image = inspectedBy({ state });
      return {
        path: received.placeOf(args.imageId, args.name, { kind: image.kind, format: keptFormat(image) }),
      };
    },
    async run(context) {
      const { args, state } = context;
      const image = inspectedBy(context);
      const path = placedAt(context);
      const isConverted = !isKept(image.format) || image.part !== null;
      await received.place(isConverted ? convertedPath(args) : args.receivedPath, path);
      await received.remove(args.receivedPath);
      // What was kept as it came has the digest it came with.
      const isAsReceived = !isConverted && (state.compression ?? null) === null;
      if (isAsReceived && state.receivedSha256 !== undefined) return { sha256: state.receivedSha256 };
      const [digest] = await received.digest(path, ['sha256'], workOf(context));
      return digest === undefined ? {} : { sha256: digest.value };
    },
    async undo({ state }) {
      if (state.path !== undefined) await received.remove(state.path);
    },
  };
}

export function enterStep({ received, store, library }: AdmissionPorts): AdmissionStep {
  return {
    name: 'enter',
    async run(context) {
      const { args, state } = context;
      const image = inspectedBy(context);
      const path = placedAt(context);
      await store.add({
        id: args.imageId,
        name: args.name,
        kind: args.kind ?? image.kind,
        format: keptFormat(image),
        presetId: args.presetId,
        virtualBytes: image.virtualBytes,
        actualBytes: await received.actualBytes(path),
        sha256: state.sha256 ?? null,
        path,
        origin: args.origin,
        sourceUrl: args.sourceUrl,
        ...(args.hardware && { hardware: args.hardware }),
        shared: args.shared,
        ownerId: args.ownerId,
      });
      await library.reload();
    },
    async undo({ args }) {
      await store.remove(args.imageId);
      await library.reload();
    },
  };
}

function workOf({ signal, progress }: Context): { signal: AbortSignal; onProgress: Context['progress'] } {
  return { signal, onProgress: progress };
}

function convertedPath({ receivedPath }: Admission): string {
  return `${receivedPath}.qcow2`;
}

function keptFormat({ format, part }: AdmissionState['inspected']): 'raw' | 'qcow2' {
  return isKept(format) && part === null ? format : 'qcow2';
}

function inspectedBy({ state }: Pick<Context, 'state'>): AdmissionState['inspected'] {
  if (state.inspected === undefined) throw new LimenError('INTERNAL', {}, { message: 'not inspected' });
  return state.inspected;
}

function placedAt({ state }: Pick<Context, 'state'>): string {
  if (state.path === undefined) throw new LimenError('INTERNAL', {}, { message: 'has no place' });
  return state.path;
}

function unsuitable(reason: 'too-large' | 'checksum-mismatch', detail: string): LimenError {
  return new LimenError('UNSUITABLE_IMAGE', { reason, detail });
}
