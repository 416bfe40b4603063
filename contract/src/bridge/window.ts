import type { HostLinkId, MachineId } from '../ids.ts';
import type { BridgeCallName, BridgeInput, BridgeOutput, BridgeResult } from './calls.ts';
import type { PortKind, PortRequest } from './ports.ts';

/** The one frozen object the preload script puts on `window`; nothing else crosses into the page. */
export interface LimenBridge {
  invoke<N extends BridgeCallName>(name: N, input: BridgeInput<N>): Promise<BridgeResult<BridgeOutput<N>>>;
  /**
   * Ask for a message port. It arrives as a `message` event on `window` whose data is
   * `{ limenPort: token }` with the port in `event.ports[0]` (ports cannot cross the context bridge otherwise).
   */
  openPort<K extends PortKind>(kind: K, request: PortRequest<K>, token: string): void;
}

/** IPC channel names between preload and main. */
export const BRIDGE_CALL_CHANNEL = 'limen:call';
export const BRIDGE_PORT_CHANNEL = 'limen:port';

/**
 * Fragment of a console window that was loaded ahead of need and is hidden. The page shows nothing, opens its feed
 * port, and waits for `hashchange` to {@link consoleHash}: that is the moment to open the `console` port.
 */
export const CONSOLE_STANDBY_HASH = '#/console-standby';

/** Fragment of the console window of one machine. The main window has none. */
export function consoleHash(linkId: HostLinkId, machineId: MachineId): string {
  return `#/console/${linkId}/${machineId}`;
}
