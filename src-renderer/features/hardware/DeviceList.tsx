import { Badge, Button, Menu, ScrollArea, Tabs } from '@mantine/core';
import {
  IconArrowsSort,
  IconBraces,
  IconCpu,
  IconDatabase,
  IconDeviceDesktop,
  IconDeviceSdCard,
  IconDisc,
  IconDots,
  IconFolderSymlink,
  IconHeartbeat,
  IconNetwork,
  IconPlus,
  IconSettingsCog,
  IconTerminal2,
  type TablerIcon,
} from '@tabler/icons-react';
import { useText } from '../../locales/i18n.ts';
import classes from './hardware.module.css';
import type { Device } from './model/devices.ts';
import { pendingDifferences } from './model/differences.ts';
import { deviceName, deviceSummary, editDeviceId } from './model/words.ts';
import type { HardwareModel } from './use-hardware-model.ts';

const icons: Record<Device['kind'], TablerIcon> = {
  cpu: IconCpu,
  memory: IconDeviceSdCard,
  disk: IconDatabase,
  drive: IconDisc,
  interface: IconNetwork,
  boot: IconArrowsSort,
  firmware: IconSettingsCog,
  screen: IconDeviceDesktop,
  services: IconHeartbeat,
  serial: IconTerminal2,
  folders: IconFolderSymlink,
  others: IconDots,
  definition: IconBraces,
  added: IconPlus,
};

export type Addition = 'disk' | 'drive' | 'interface';

export interface DeviceListProps {
  readonly model: HardwareModel;
  readonly devices: readonly Device[];
  readonly onAdd: (what: Addition) => void;
}

/** What the machine is made of; each says whether it was changed, or will be another at the next boot. */
export function DeviceList({ model, devices, onAdd }: DeviceListProps) {
  const { t } = useText();
  return (
    <div className={classes['side']}>
      <ScrollArea className={classes['devices'] ?? ''} type="auto">
        <Tabs.List aria-label={t('hardware:devices')} className={classes['list'] ?? ''}>
          {devices.map((device) => (
            <DeviceTab key={device.id} model={model} device={device} />
          ))}
        </Tabs.List>
      </ScrollArea>
      <div className={classes['add']}>
        <Menu position="top-start" width="target">
          <Menu.Target>
            <Button
              fullWidth
              variant="default"
              leftSection={<IconPlus size={16} aria-hidden />}
              disabled={!model.editable}
            >
              {t('hardware:add.menu')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {(['disk', 'drive', 'interface'] as const).map((what) => {
              const Icon = icons[what];
              return (
                <Menu.Item
                  key={what}
                  leftSection={<Icon size={16} aria-hidden />}
                  onClick={() => onAdd(what)}
                >
                  {t(`hardware:add.${what}.menu`)}
                </Menu.Item>
              );
            })}
          </Menu.Dropdown>
        </Menu>
      </div>
    </div>
  );
}

type Mark = 'added' | 'removed' | 'changed' | 'pending';

function DeviceTab({ model, device }: { readonly model: HardwareModel; readonly device: Device }) {
  const { t } = useText();
  const { speech, hardware } = model;
  const Icon = icons[device.kind];
  const mark = markOf(device, model);
  return (
    <Tabs.Tab
      value={device.id}
      className={classes['device'] ?? ''}
      leftSection={<Icon size={18} aria-hidden />}
      data-device={device.id}
    >
      <span className={classes['deviceLabel']}>
        <span className={mark === 'removed' ? classes['removed'] : undefined}>
          {deviceName(device.id, speech)}
        </span>
        {mark ? (
          <Badge size="xs" variant="light" color={mark === 'removed' ? 'red' : 'yellow'} tt="none">
            {t(`hardware:mark.${mark}`)}
          </Badge>
        ) : (
          <span />
        )}
        <span className={classes['summary']}>{deviceSummary(device, hardware, speech)}</span>
      </span>
    </Tabs.Tab>
  );
}

function markOf(device: Device, { draft, live, stored }: HardwareModel): Mark | undefined {
  if (device.kind === 'added') return 'added';
  const edits = [...draft].filter(([key, edit]) => editDeviceId(key, edit) === device.id);
  if (edits.some(([, edit]) => edit.type === 'remove-disk' || edit.type === 'remove-interface'))
    return 'removed';
  if (edits.length > 0) return 'changed';
  const isPending =
    live !== null && pendingDifferences(live, stored).some(({ deviceId }) => deviceId === device.id);
  return isPending ? 'pending' : undefined;
}
