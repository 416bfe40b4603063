import { bridgeCalls, LimenError } from '@limen/contract';
import type { BridgeCallName, BridgeOutput, BridgeResult } from '@limen/contract';
import type { z } from 'zod';

/** Who asks. `windowId` is Electron's web-contents id. */
export interface Caller {
  readonly windowId: number;
}

type Handler<N extends BridgeCallName> = (
  input: z.output<(typeof bridgeCalls)[N]['input']>,
  caller: Caller,
) => Promise<BridgeOutput<N>> | BridgeOutput<N>;

/** One handler for every call of the bridge; a missing one does not compile. */
export type BridgeHandlers = { readonly [N in BridgeCallName]: Handler<N> };

/** What Electron says of the sender of a message, reduced to what decides. */
export interface Sender {
  readonly windowId: number;
  /** The sending frame is the top frame of its page. */
  readonly isMainFrame: boolean;
  /** URL of the sending frame; null when it is already gone. */
  readonly url: string | null;
}

export interface CallDoorOptions {
  readonly handlers: BridgeHandlers;
  readonly isTrusted: (sender: Sender) => boolean;
  /** Told of refused senders and of errors that are not ours. Never gets inputs: they may hold a password. */
  readonly report: (what: string, detail: { readonly name: string; readonly error?: unknown }) => void;
}

/**
 * The one door between pages and this process: sender, name and input are checked here, and nowhere else, before a
 * handler runs. Never rejects: what goes wrong is in the result.
 */
export class CallDoor {
  readonly #options: CallDoorOptions;

  constructor(options: CallDoorOptions) {
    this.#options = options;
  }

  async handle(sender: Sender, name: unknown, input: unknown): Promise<BridgeResult<unknown>> {
    const { isTrusted, report } = this.#options;
    const label = isCallName(name) ? name : 'unknown';
    try {
      if (!isTrusted(sender)) {
        report('A call came from a frame that is not ours', { name: label });
        throw new LimenError('FORBIDDEN', { permission: 'bridge' });
      }
      if (!isCallName(name))
        throw new LimenError('NOT_FOUND', { kind: 'call', id: String(name).slice(0, 64) });
      return { ok: true, value: await this.#dispatch(name, input, { windowId: sender.windowId }) };
    } catch (error) {
      if (LimenError.is(error)) return { ok: false, error: LimenError.from(error.toJSON()).toJSON() };
      report('A call failed unexpectedly', { name: label, error });
      return { ok: false, error: new LimenError('INTERNAL', {}).toJSON() };
    }
  }

  async #dispatch<N extends BridgeCallName>(
    name: N,
    input: unknown,
    caller: Caller,
  ): Promise<BridgeOutput<N>> {
    const parsed = bridgeCalls[name].input.safeParse(input);
    if (!parsed.success) {
      const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.map(String), message }));
      throw new LimenError('INVALID_INPUT', { issues });
    }
    const handler: Handler<N> = this.#options.handlers[name];
    return handler(parsed.data as z.output<(typeof bridgeCalls)[N]['input']>, caller);
  }
}

function isCallName(name: unknown): name is BridgeCallName {
  return typeof name === 'string' && Object.hasOwn(bridgeCalls, name);
}
