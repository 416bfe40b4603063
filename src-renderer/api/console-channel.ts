import type { ConsoleAcknowledgement, ConsoleMessage, PortRequest, SerializedError } from '@limen/contract';
import { openPort } from './ports.ts';

export type ConsoleCloseReason = Extract<ConsoleMessage, { type: 'closed' }>['reason'];

export interface ConsoleClosed {
  readonly reason: ConsoleCloseReason | 'local';
  readonly error: SerializedError | null;
}

/**
 * A console port that looks like a WebSocket. noVNC checks that each of these properties exists before it takes
 * a channel, so all of them are real members with initial values.
 */
export class ConsoleChannel {
  binaryType = 'arraybuffer';
  protocol = '';
  readyState: number = WebSocket.CONNECTING;
  onopen: ((event: Event) => void) | null = null;
  onmessage: ((event: { readonly data: ArrayBuffer }) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  onclose: ((event: CloseEvent) => void) | null = null;
  /** Why it closed; `local` when this side did. */
  closed: ConsoleClosed | undefined;
  /** How many messages of bytes have come. */
  messages = 0;

  readonly #waiting = new AbortController();
  #port: MessagePort | undefined;

  constructor(request: PortRequest<'console'>) {
    openPort('console', request, this.#waiting.signal).then(
      (port) => this.#attach(port),
      () => this.#end({ reason: 'local', error: null }),
    );
  }

  send(data: ArrayBuffer | ArrayBufferView): void {
    // noVNC hands out a view of its one send buffer and reuses that at once, so the bytes are copied. Not
    // transferred: Electron loses transferred buffers on the way to the main process.
    const view = ArrayBuffer.isView(data)
      ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      : new Uint8Array(data);
    this.#port?.postMessage(view.slice().buffer);
  }

  close(): void {
    this.#waiting.abort();
    this.#end({ reason: 'local', error: null });
  }

  #attach(port: MessagePort): void {
    this.#port = port;
    port.addEventListener('message', (event: MessageEvent<ArrayBuffer | ConsoleMessage>) => {
      const { data } = event;
      if (this.readyState === WebSocket.CLOSED) return;
      if (!('type' in data)) this.#receive(data);
      else if (data.type === 'opened') this.#opened();
      else this.#end({ reason: data.reason, error: data.error });
    });
    port.start();
  }

  #receive(data: ArrayBuffer): void {
    this.messages += 1;
    this.onmessage?.({ data });
    // The main process stops reading from the host while too much is unacknowledged.
    this.#port?.postMessage({ type: 'consumed', bytes: data.byteLength } satisfies ConsoleAcknowledgement);
  }

  #opened(): void {
    this.readyState = WebSocket.OPEN;
    this.onopen?.(new Event('open'));
  }

  #end(closed: ConsoleClosed): void {
    if (this.readyState === WebSocket.CLOSED) return;
    this.readyState = WebSocket.CLOSED;
    this.closed = closed;
    this.#port?.close();
    this.onclose?.(
      new CloseEvent('close', {
        code: 1000,
        wasClean: closed.reason !== 'link',
      }),
    );
  }
}
