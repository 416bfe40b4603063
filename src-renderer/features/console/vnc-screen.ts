import { LimenError } from '@limen/contract';
import RFB from '@novnc/novnc';
import { ConsoleChannel } from '../../api/console-channel.ts';
import type { MachineRef } from '../../stores/machine-key.ts';
import type { AttemptEvents, ConsoleFailure } from './console-session.ts';
import type { KeyStroke } from './key-combinations.ts';

/**
 * Where a guest's screen is drawn: a layer for noVNC and, under it, the last frame of the connection before.
 * Lives outside React, so that no render ever touches a running console.
 */
export class VncScreen {
  readonly #target: MachineRef;
  readonly #layer: HTMLElement;
  readonly #lastFrame: HTMLElement;
  readonly #onFrame: (msSinceOpen: number) => void;
  #rfb: RFB | undefined;
  #canvas: HTMLCanvasElement | undefined;
  #fit = true;

  constructor(target: MachineRef, parent: HTMLElement, onFrame: (msSinceOpen: number) => void) {
    this.#target = target;
    this.#onFrame = onFrame;
    this.#lastFrame = layer(parent, 'last-frame');
    this.#layer = layer(parent, 'screen');
  }

  /** Start one attempt over a new port. Returns what ends it silently. */
  open({ connected, closed }: AttemptEvents): () => void {
    const startedAt = performance.now();
    const channel = new ConsoleChannel({ ...this.#target, kind: 'vnc' });
    const rfb = new RFB(this.#layer, channel, { shared: true });
    this.#rfb = rfb;
    this.#canvas = this.#layer.querySelector('canvas') ?? undefined;
    this.#apply(rfb);
    let ended = false;
    let protocolFailed = false;

    rfb.addEventListener('connect', () => {
      if (ended) return;
      connected();
      rfb.focus({ preventScroll: true });
      this.#awaitFrame(channel, () => {
        if (ended) return;
        this.#lastFrame.replaceChildren();
        this.#onFrame(Math.round(performance.now() - startedAt));
      });
    });
    // The host's proxy speaks to the guest without a password; a display that wants one is not reachable so.
    rfb.addEventListener('credentialsrequired', () => {
      protocolFailed = true;
      rfb.disconnect();
    });
    rfb.addEventListener('securityfailure', () => {
      protocolFailed = true;
    });
    rfb.addEventListener('disconnect', () => {
      this.#keepFrame();
      if (ended) return;
      ended = true;
      closed(failureOf(channel, protocolFailed));
    });

    return () => {
      if (ended) return;
      ended = true;
      this.#keepFrame();
      rfb.disconnect();
    };
  }

  set fit(fit: boolean) {
    this.#fit = fit;
    if (this.#rfb) this.#apply(this.#rfb);
  }

  focus(): void {
    this.#rfb?.focus({ preventScroll: true });
  }

  /** Keys go down in order and up in reverse, as a hand does it. */
  send(strokes: readonly KeyStroke[]): void {
    for (const { keysym, code } of strokes) this.#rfb?.sendKey(keysym, code, true);
    for (let index = strokes.length - 1; index >= 0; index--) {
      const stroke = strokes[index];
      if (stroke) this.#rfb?.sendKey(stroke.keysym, stroke.code, false);
    }
    this.focus();
  }

  /** The guest's screen as PNG, at its own size; null before the first frame. */
  screenshot(): Promise<Blob | null> {
    const canvas = this.#canvas;
    if (!canvas || canvas.width === 0) return Promise.resolve(null);
    return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
  }

  #apply(rfb: RFB): void {
    rfb.background = 'transparent';
    rfb.resizeSession = false;
    rfb.clipViewport = false;
    rfb.scaleViewport = this.#fit;
    rfb.showDotCursor = true;
  }

  /** noVNC takes its canvas away when it ends; the canvas itself still holds the picture. */
  #keepFrame(): void {
    if (!this.#canvas || this.#canvas.width === 0 || this.#lastFrame.contains(this.#canvas)) return;
    this.#canvas.removeAttribute('tabindex');
    this.#canvas.setAttribute('aria-hidden', 'true');
    this.#canvas.style.cursor = '';
    this.#lastFrame.replaceChildren(this.#canvas);
  }

  /** noVNC tells of the connection, not of the first picture: that is the first message after it, one frame later. */
  #awaitFrame(channel: ConsoleChannel, done: () => void): void {
    const before = channel.messages;
    const look = () => {
      if (channel.readyState === WebSocket.CLOSED) return;
      if (channel.messages > before) requestAnimationFrame(done);
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }
}

function layer(parent: HTMLElement, name: string): HTMLElement {
  const element = document.createElement('div');
  element.dataset['layer'] = name;
  parent.append(element);
  return element;
}

function failureOf(channel: ConsoleChannel, protocolFailed: boolean): ConsoleFailure {
  const closed = channel.closed;
  if (protocolFailed || !closed || closed.reason === 'local') return { cause: 'protocol', error: null };
  return { cause: closed.reason, error: closed.error ? LimenError.from(closed.error) : null };
}
