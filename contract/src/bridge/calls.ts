import { z } from 'zod';
import type { SerializedError } from '../errors.ts';
import { hostLinkId, machineId } from '../ids.ts';
import { certificateFingerprint, parseAddress, parsePairingLink } from '../pairing.ts';
import { hostLink, hostProbe } from './link.ts';
import { settings, settingsPatch } from './settings.ts';
import { chosenFile, uploadId, uploadWish } from './uploads.ts';

function call<I extends z.ZodType, O extends z.ZodType>(input: I, output: O) {
  return { input, output };
}

const nothing = z.object({});
const address = z.string().refine((text) => parseAddress(text) !== null, 'not host:port');

/**
 * Every request the renderer can make of the main process, declared once. The main process checks sender,
 * frame and schema in one place before anything runs.
 */
export const bridgeCalls = {
  'links.probe': call(z.object({ address }), hostProbe),
  'links.add': call(z.object({ address, fingerprint: certificateFingerprint }), hostLink),
  'links.pair': call(z.object({ link: z.string().refine((t) => parsePairingLink(t) !== null) }), hostLink),
  'links.rename': call(z.object({ linkId: hostLinkId, name: z.string().trim().min(1).max(64) }), hostLink),
  'links.remove': call(z.object({ linkId: hostLinkId }), nothing),
  /** Trust the certificate the host shows now (state `untrusted`), after the person compared it. */
  'links.trust': call(z.object({ linkId: hostLinkId, fingerprint: certificateFingerprint }), nothing),
  'links.retry': call(z.object({ linkId: hostLinkId }), nothing),
  'links.signIn': call(
    z.object({
      linkId: hostLinkId,
      username: z.string().max(256),
      password: z.string().max(1024),
      /** Keep the session over a restart of the desktop. */
      remember: z.boolean(),
    }),
    nothing,
  ),
  'links.signOut': call(z.object({ linkId: hostLinkId }), nothing),
  /** One call of the host's contract; `path` e.g. ['machines', 'power']. Streams do not pass here. */
  'rpc.call': call(
    z.object({
      linkId: hostLinkId,
      callId: z.uuid(),
      path: z.array(z.string().max(64)).min(1).max(4),
      input: z.unknown(),
    }),
    z.unknown(),
  ),
  'rpc.cancel': call(z.object({ callId: z.uuid() }), nothing),
  /** Let the person choose files in the system's dialog; an empty list when they changed their mind. */
  'uploads.choose': call(nothing, z.object({ files: z.array(chosenFile) })),
  /** Queue a chosen file; its token is spent. How it goes on is in the feed. */
  'uploads.begin': call(uploadWish, z.object({ uploadId })),
  'uploads.pause': call(z.object({ uploadId }), nothing),
  /** Go on after a pause or a failure, from where the host has it. */
  'uploads.resume': call(z.object({ uploadId }), nothing),
  /** Give it up, and have the host delete what it got. */
  'uploads.cancel': call(z.object({ uploadId }), nothing),
  'windows.openConsole': call(z.object({ linkId: hostLinkId, machineId }), nothing),
  'windows.toggleFullScreen': call(nothing, z.object({ fullScreen: z.boolean() })),
  'settings.get': call(nothing, settings),
  'settings.change': call(settingsPatch, settings),
  'clipboard.writeText': call(z.object({ text: z.string().max(1 << 20) }), nothing),
  'app.info': call(
    nothing,
    z.object({
      version: z.string(),
      platform: z.string(),
      electron: z.string(),
      /** BCP 47 tag of the desktop's language, for `language: 'system'`. */
      locale: z.string(),
      /** `session-only`: no keyring here, so sign-ins are forgotten when the desktop ends. */
      secretStorage: z.enum(['keyring', 'session-only']),
    }),
  ),
} as const;

export type BridgeCallName = keyof typeof bridgeCalls;
export type BridgeInput<N extends BridgeCallName> = z.input<(typeof bridgeCalls)[N]['input']>;
export type BridgeOutput<N extends BridgeCallName> = z.output<(typeof bridgeCalls)[N]['output']>;

/** Electron's `invoke` flattens errors to text, so results travel in an envelope. */
export type BridgeResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: SerializedError };
