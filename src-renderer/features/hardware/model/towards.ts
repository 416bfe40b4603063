import {
  type HardwareEdit,
  type HardwareInterface,
  type HardwareSet,
  soundModel,
  videoModel,
  watchdogAction,
  watchdogModel,
} from '@limen/contract';
import { bootOrderOf, type Device, findDisk, findInterface } from './devices.ts';
import { reduceEdit } from './draft.ts';

/** Changes that give a device of `from` what it is in `wanted`; none where it is in one of them only. */
export function editsTowards(
  from: HardwareSet,
  wanted: HardwareSet,
  device: Device,
): readonly HardwareEdit[] {
  return wishes(wanted, device).flatMap((edit) => reduceEdit(edit, from) ?? []);
}

function wishes(wanted: HardwareSet, device: Device): readonly HardwareEdit[] {
  switch (device.kind) {
    case 'cpu':
      return [
        { type: 'set-cpu', ...wanted.cpu },
        { type: 'set-vcpus', ...wanted.vcpus },
      ];
    case 'memory': {
      const { currentBytes, maximumBytes } = wanted.memory;
      return [{ type: 'set-memory', currentBytes, maximumBytes }];
    }
    case 'boot':
      return [{ type: 'set-boot-order', devices: [...bootOrderOf(wanted)] }];
    case 'disk': {
      const disk = findDisk(wanted, device.target);
      if (!device.stored || !device.live || !disk) return [];
      const { target, cache, discard, ioLimits } = disk;
      return [
        { type: 'update-disk', target, cache, discard },
        { type: 'update-disk', target, ioLimits },
      ];
    }
    case 'interface': {
      const card = findInterface(wanted, device.mac);
      if (!device.stored || !device.live || !card) return [];
      const { mac, linkUp, bandwidth } = card;
      return [{ type: 'update-interface', mac, linkUp, bandwidth, ...pluggedInto(card) }];
    }
    case 'screen': {
      const { video, sound } = wanted;
      const model = videoModel.safeParse(video?.model);
      const card = soundModel.nullable().safeParse(sound);
      return [
        ...(video && model.success
          ? [{ type: 'set-video', model: model.data, heads: video.heads } as const]
          : []),
        ...(card.success ? [{ type: 'set-sound', model: card.data } as const] : []),
      ];
    }
    case 'services':
      return [{ type: 'set-rng', present: wanted.rng }, ...watchdogWish(wanted)];
    case 'drive':
    case 'firmware':
    case 'serial':
    case 'folders':
    case 'others':
    case 'definition':
    case 'added':
      return [];
  }
}

/** Nothing for models that only the definition knows. */
function watchdogWish({ watchdog }: HardwareSet): readonly HardwareEdit[] {
  const model = watchdogModel.nullable().safeParse(watchdog?.model ?? null);
  const action = watchdogAction.safeParse(watchdog?.action ?? 'reset');
  return model.success && action.success
    ? [{ type: 'set-watchdog', model: model.data, action: action.data }]
    : [];
}

type Plugged = Pick<Extract<HardwareEdit, { type: 'update-interface' }>, 'network'>;

function pluggedInto({ type, source }: HardwareInterface): Plugged {
  if ((type === 'network' || type === 'bridge') && source !== null)
    return { network: { type, name: source } };
  return type === 'user' ? { network: { type } } : {};
}
