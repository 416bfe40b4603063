import { Text } from '@mantine/core';
import { formatBytes } from '../../../lib/format.ts';
import { useText } from '../../../locales/i18n.ts';
import { SizeField } from '../fields.tsx';
import { FormFrame } from '../FormFrame.tsx';
import classes from '../hardware.module.css';
import type { DeviceFormProps } from './CpuForm.tsx';

const LEAST_BYTES = 16 * 2 ** 20;
const MOST_BYTES = 16 * 2 ** 40;

/** Memory: what the guest has, and up to what it can be given more while it runs. */
export function MemoryForm({ model, device }: DeviceFormProps) {
  const { t, language } = useText();
  const { draft, stored, live, editable, put } = model;
  const wished = draft.get('set-memory');
  const memory = wished?.type === 'set-memory' ? wished : stored.memory;
  const size = (bytes: number) => formatBytes(bytes, language);
  const set = (currentBytes: number, maximumBytes: number) =>
    put({ type: 'set-memory', currentBytes, maximumBytes });
  return (
    <FormFrame model={model} device={device} title={t('hardware:device.memory')}>
      <div className={classes['two']}>
        <SizeField
          label={t('hardware:memory.current')}
          description={
            live?.memory.balloon
              ? t('hardware:memory.currentAbout', { maximum: size(live.memory.maximumBytes) })
              : undefined
          }
          value={memory.currentBytes}
          min={LEAST_BYTES}
          max={memory.maximumBytes}
          wrong={t('hardware:wrong.range', { min: size(LEAST_BYTES), max: size(memory.maximumBytes) })}
          onCommit={(bytes) => set(bytes, memory.maximumBytes)}
          disabled={!editable}
        />
        <SizeField
          label={t('hardware:memory.maximum')}
          description={live === null ? undefined : t('hardware:needsRestart')}
          value={memory.maximumBytes}
          min={LEAST_BYTES}
          max={MOST_BYTES}
          wrong={t('hardware:wrong.range', { min: size(LEAST_BYTES), max: size(MOST_BYTES) })}
          onCommit={(bytes) => {
            // Somebody who never set the two apart means both.
            const together = memory.currentBytes === memory.maximumBytes;
            set(together ? bytes : Math.min(memory.currentBytes, bytes), bytes);
          }}
          disabled={!editable}
        />
      </div>
      <Text size="sm" c="var(--limen-quiet)">
        {t(stored.memory.balloon ? 'hardware:memory.balloon' : 'hardware:memory.noBalloon')}
      </Text>
    </FormFrame>
  );
}
