import { Program } from '../transport/message.ts';
import { type Codec, type Fields, nothing, type RecordOf, struct } from '../xdr/codec.ts';

/**
 * Which connection of a client a procedure runs on. The daemon works on five calls per connection at a time, so
 * five that hang would hold up everything behind them: what may hang for one reason shares a connection.
 *
 * - `read`: answers at once.
 * - `slow`: changes a domain or a definition, within seconds.
 * - `bulk`: statistics of many domains.
 * - `agent`: waits for a guest agent, which a hung guest never answers.
 * - `guest`: asks a guest to go down, for which libvirt may wait a minute for its agent.
 * - `job`: moves memory or disk contents, for minutes or hours, or waits for storage that may be gone.
 */
export type Lane = 'read' | 'slow' | 'bulk' | 'agent' | 'guest' | 'job';

/** One remote procedure: its number and how its arguments and reply travel. */
export interface Procedure<A, R> {
  readonly program: number;
  readonly number: number;
  readonly lane: Lane;
  readonly args: Codec<A>;
  readonly reply: Codec<R>;
}

/** Which way a stream's data flows, seen from here. */
export type StreamDirection = 'read' | 'write' | 'duplex';

/** A procedure whose reply is followed by a stream. */
export interface StreamProcedure<A, R> extends Procedure<A, R> {
  readonly direction: StreamDirection;
}

/** Declare a call that answers at once. Types of arguments and reply follow from the codecs. */
export function def<F extends Fields>(number: number, args: F): Procedure<RecordOf<F>, void>;
export function def<F extends Fields, R>(number: number, args: F, reply: Codec<R>): Procedure<RecordOf<F>, R>;
export function def<F extends Fields>(number: number, args: F, reply: Codec<unknown> = nothing) {
  return { program: Program.remote, number, lane: 'read' as const, args: struct(args), reply };
}

/** Declare a call that may take seconds: it starts a machine, changes a device. */
export function slow<F extends Fields>(number: number, args: F): Procedure<RecordOf<F>, void>;
export function slow<F extends Fields, R>(
  number: number,
  args: F,
  reply: Codec<R>,
): Procedure<RecordOf<F>, R>;
export function slow<F extends Fields>(number: number, args: F, reply: Codec<unknown> = nothing) {
  return { program: Program.remote, number, lane: 'slow' as const, args: struct(args), reply };
}

/** Declare a call that waits for a guest's agent. */
export function agent<F extends Fields>(number: number, args: F): Procedure<RecordOf<F>, void>;
export function agent<F extends Fields, R>(
  number: number,
  args: F,
  reply: Codec<R>,
): Procedure<RecordOf<F>, R>;
export function agent<F extends Fields>(number: number, args: F, reply: Codec<unknown> = nothing) {
  return { program: Program.remote, number, lane: 'agent' as const, args: struct(args), reply };
}

/** Declare a call that may take minutes: it writes or moves a memory or a disk. */
export function job<F extends Fields>(number: number, args: F): Procedure<RecordOf<F>, void>;
export function job<F extends Fields, R>(number: number, args: F, reply: Codec<R>): Procedure<RecordOf<F>, R>;
export function job<F extends Fields>(number: number, args: F, reply: Codec<unknown> = nothing) {
  return { program: Program.remote, number, lane: 'job' as const, args: struct(args), reply };
}

/** Declare a call of the QEMU program (guest agent and monitor pass-through). */
export function qemu<F extends Fields, R>(
  number: number,
  args: F,
  reply: Codec<R>,
): Procedure<RecordOf<F>, R> {
  return { program: Program.qemu, number, lane: 'slow', args: struct(args), reply };
}

/** The same call on another connection. */
export function onLane<A, R>(lane: Lane, procedure: Procedure<A, R>): Procedure<A, R> {
  return { ...procedure, lane };
}

/** Declare a call whose reply opens a stream. */
export function stream<F extends Fields, R>(
  direction: StreamDirection,
  procedure: Procedure<RecordOf<F>, R>,
): StreamProcedure<RecordOf<F>, R> {
  return { ...procedure, direction };
}
