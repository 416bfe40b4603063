import { ActionIcon, Checkbox, Group, Text } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useText } from '../../../locales/i18n.ts';
import { FormFrame } from '../FormFrame.tsx';
import classes from '../hardware.module.css';
import { bootOrderOf, diskId, interfaceId, listDevices } from '../model/devices.ts';
import { deviceName, deviceSummary } from '../model/words.ts';
import type { DeviceFormProps } from './CpuForm.tsx';

/** What is booted from, and in which order; moved by buttons, which the keyboard reaches. */
export function BootOrderForm({ model, device }: DeviceFormProps) {
  const { t } = useText();
  const { draft, stored, hardware, speech, editable } = model;
  const wished = draft.get('set-boot-order');
  const order = wished?.type === 'set-boot-order' ? wished.devices : bootOrderOf(stored);
  const all = [...stored.disks.map((disk) => disk.target), ...stored.interfaces.map((card) => card.mac)];
  const rest = all.filter((name) => !order.includes(name));
  const devices = listDevices(hardware, draft);
  const list = useRef<HTMLUListElement>(null);
  const moved = useRef<{ name: string; direction: 'up' | 'down' } | null>(null);

  // Moving a row takes the focus from its button: it goes back, or to the other one where the row is at an end.
  useEffect(() => {
    const last = moved.current;
    moved.current = null;
    if (!last) return;
    const row = list.current?.querySelector(`[data-boot="${CSS.escape(last.name)}"]`);
    const wanted = row?.querySelector<HTMLButtonElement>(`[data-move="${last.direction}"]:not(:disabled)`);
    (wanted ?? row?.querySelector<HTMLButtonElement>('[data-move]:not(:disabled)'))?.focus();
  });

  const set = (names: readonly string[]) => model.put({ type: 'set-boot-order', devices: [...names] });
  const move = (name: string, direction: 'up' | 'down') => {
    const from = order.indexOf(name);
    const to = direction === 'up' ? from - 1 : from + 1;
    const next = order.filter((other) => other !== name);
    next.splice(to, 0, name);
    moved.current = { name, direction };
    set(next);
  };
  return (
    <FormFrame model={model} device={device} title={t('hardware:device.boot')}>
      <Text size="sm" c="var(--limen-quiet)">
        {t('hardware:boot.about')}
      </Text>
      <ul className={classes['plainList']} ref={list} aria-label={t('hardware:device.boot')}>
        {[...order, ...rest].map((name) => {
          const place = order.indexOf(name);
          const isBooted = place >= 0;
          const id = name.includes(':') ? interfaceId(name) : diskId(name);
          const entry = devices.find((candidate) => candidate.id === id);
          const words = deviceName(id, speech);
          return (
            <li key={name} className={classes['boot']} data-boot={name}>
              <Checkbox
                label={isBooted ? t('hardware:boot.place', { place: place + 1, device: words }) : words}
                description={entry && deviceSummary(entry, hardware, speech)}
                checked={isBooted}
                disabled={!editable}
                onChange={() => set(isBooted ? order.filter((other) => other !== name) : [...order, name])}
              />
              <Group gap={4} wrap="nowrap">
                <ActionIcon
                  aria-label={t('hardware:boot.up', { device: words })}
                  data-move="up"
                  disabled={!editable || place <= 0}
                  onClick={() => move(name, 'up')}
                >
                  <IconArrowUp size={16} />
                </ActionIcon>
                <ActionIcon
                  aria-label={t('hardware:boot.down', { device: words })}
                  data-move="down"
                  disabled={!editable || !isBooted || place === order.length - 1}
                  onClick={() => move(name, 'down')}
                >
                  <IconArrowDown size={16} />
                </ActionIcon>
              </Group>
            </li>
          );
        })}
      </ul>
      {all.length === 0 && <Text size="sm">{t('hardware:boot.nothing')}</Text>}
    </FormFrame>
  );
}
