import type { BridgeOutput, ChosenFile, Settings, SettingsPatch } from '@limen/contract';
import { LimenError } from '@limen/contract';
import type { HostLinks } from '../host-link/host-links.ts';
import type { FileTokens } from '../uploads/file-tokens.ts';
import type { Uploads } from '../uploads/uploads.ts';
import type { ConsoleWindows } from '../windows/console-windows.ts';
import type { BridgeHandlers } from './call-door.ts';
import { hostCall } from './host-calls.ts';
import { RunningCalls } from './running-calls.ts';

export interface BridgeServices {
  readonly links: HostLinks;
  readonly consoles: ConsoleWindows;
  readonly settings: { read(): Settings; change(patch: SettingsPatch): Promise<Settings> };
  readonly uploads: Uploads;
  readonly files: FileTokens;
  /** Let the person choose files; the dialog belongs to the window. */
  readonly chooseFiles: (windowId: number) => Promise<ChosenFile[]>;
  readonly toggleFullScreen: (windowId: number) => boolean;
  readonly writeClipboard: (text: string) => Promise<void>;
  readonly info: () => BridgeOutput<'app.info'>;
}

/** What each call of the bridge does. Inputs have been checked by the door. */
export function bridgeHandlers(services: BridgeServices): BridgeHandlers {
  const { links, consoles, settings, uploads, files } = services;
  const running = new RunningCalls();
  return {
    'links.probe': ({ address }) => links.probe(address),
    'links.add': ({ address, fingerprint }) => links.add(address, fingerprint).describe(),
    'links.pair': async ({ link }) => (await links.pair(link)).describe(),
    'links.rename': ({ linkId, name }) => {
      const link = links.get(linkId);
      link.rename(name);
      return link.describe();
    },
    'links.remove': ({ linkId }) => {
      links.remove(linkId);
      consoles.closeLink(linkId);
      return {};
    },
    'links.trust': ({ linkId, fingerprint }) => {
      links.get(linkId).trust(fingerprint);
      return {};
    },
    'links.retry': ({ linkId }) => {
      links.get(linkId).retry();
      return {};
    },
    'links.signIn': async ({ linkId, ...credentials }) => {
      await links.get(linkId).signIn(credentials);
      return {};
    },
    'links.signOut': async ({ linkId }) => {
      await links.get(linkId).signOut();
      return {};
    },
    'rpc.call': ({ linkId, callId, path, input }, { windowId }) => {
      const use = hostCall(path);
      return running.run(windowId, callId, (cancelled) =>
        links.get(linkId).call((client, signal) => use(client, input, signal), cancelled),
      );
    },
    'rpc.cancel': ({ callId }, { windowId }) => {
      running.cancel(windowId, callId);
      return {};
    },
    'uploads.choose': async (_input, { windowId }) => ({ files: await services.chooseFiles(windowId) }),
    'uploads.begin': ({ token, ...wish }) => {
      links.get(wish.linkId);
      return { uploadId: uploads.begin(files.redeem(token), wish) };
    },
    'uploads.pause': ({ uploadId }) => {
      uploads.pause(uploadId);
      return {};
    },
    'uploads.resume': ({ uploadId }) => {
      uploads.resume(uploadId);
      return {};
    },
    'uploads.cancel': async ({ uploadId }) => {
      await uploads.cancel(uploadId);
      return {};
    },
    'windows.openConsole': ({ linkId, machineId }) => {
      const link = links.get(linkId);
      if (link.store.machine(machineId) === undefined)
        throw new LimenError('NOT_FOUND', { kind: 'machine', id: machineId });
      consoles.show(linkId, machineId);
      return {};
    },
    'windows.toggleFullScreen': (_input, { windowId }) => ({
      fullScreen: services.toggleFullScreen(windowId),
    }),
    'settings.get': () => settings.read(),
    'settings.change': (patch) => settings.change(patch),
    'clipboard.writeText': async ({ text }) => {
      await services.writeClipboard(text);
      return {};
    },
    'app.info': () => services.info(),
  };
}
