import { z } from 'zod';
import { LineProcess } from './line-process.ts';

const timing = z.object({ samples: z.array(z.number()), cpuMs: z.number(), result: z.unknown() });
/** Times in ms of every repetition, CPU time of the client in ms each. */
export type Timing = z.infer<typeof timing>;

const heardEvents = z.object({ heard: z.array(z.object({ at: z.number(), event: z.number() })) });
const moment = z.object({ at: z.number() });

/** The orders of bench/workers/node-libvirt.mjs and bench/peers/python-libvirt.py. */
export class LibvirtWorker implements AsyncDisposable {
  readonly #process: LineProcess;

  private constructor(process: LineProcess) {
    this.#process = process;
  }

  /** Resolves when it is connected and listens to events. */
  static async start(command: string, args: readonly string[]): Promise<LibvirtWorker> {
    const worker = new LineProcess(command, args);
    await worker.read();
    return new LibvirtWorker(worker);
  }

  /** Do one thing several times. */
  async time(what: string, times: number, details: Readonly<Record<string, unknown>> = {}): Promise<Timing> {
    return timing.parse(await this.#ask({ do: what, times, ...details }));
  }

  async define(xml: readonly string[]): Promise<void> {
    await this.#ask({ do: 'define', xml });
  }

  /** Make an event; resolves, when the call has returned, to the moment it was begun (ms, monotonic clock). */
  async blink(name: string, resume: boolean): Promise<number> {
    return moment.parse(await this.#ask({ do: 'blink', name, resume })).at;
  }

  /** The events heard since the last time this was asked. */
  async heard(): Promise<{ at: number; event: number }[]> {
    return heardEvents.parse(await this.#ask({ do: 'heard' })).heard;
  }

  async #ask(order: Readonly<Record<string, unknown>>): Promise<unknown> {
    this.#process.write(JSON.stringify(order));
    return JSON.parse(await this.#process.read());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#process[Symbol.asyncDispose]();
  }
}
