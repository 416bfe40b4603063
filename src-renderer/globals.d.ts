import type { LimenBridge } from '@limen/contract';

declare global {
  interface Window {
    /** Put there by the preload script; see contract/src/bridge/window.ts. */
    readonly limen: LimenBridge;
  }
}
