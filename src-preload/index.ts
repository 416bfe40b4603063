import { BRIDGE_CALL_CHANNEL, BRIDGE_PORT_CHANNEL } from '@limen/contract';
import type { LimenBridge } from '@limen/contract';
import { contextBridge, ipcRenderer } from 'electron';

/** Requests are checked by the main process; this script only carries them, so that it holds nothing to abuse. */
const bridge: LimenBridge = {
  invoke: (name, input) => ipcRenderer.invoke(BRIDGE_CALL_CHANNEL, name, input),
  openPort: (kind, request, token) => {
    const { port1, port2 } = new MessageChannel();
    ipcRenderer.postMessage(BRIDGE_PORT_CHANNEL, { kind, request }, [port1]);
    window.postMessage({ limenPort: token }, location.origin, [port2]);
  },
};

// A frame inside our page, or a page that is not ours, gets nothing (there should be neither).
if (window.top === window && location.protocol === 'limen-app:') {
  contextBridge.exposeInMainWorld('limen', Object.freeze(bridge));
}
