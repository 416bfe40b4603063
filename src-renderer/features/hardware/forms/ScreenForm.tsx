import { soundModel, videoModel } from '@limen/contract';
import { Select } from '@mantine/core';
import { FactList } from '../../../components/FactList.tsx';
import { useText } from '../../../locales/i18n.ts';
import { NumberField } from '../fields.tsx';
import { FormFrame } from '../FormFrame.tsx';
import classes from '../hardware.module.css';
import { useHostOptions } from '../use-host-options.ts';
import type { DeviceFormProps } from './CpuForm.tsx';

/** Cards that drive more than one monitor. */
const manyHeads: ReadonlySet<string> = new Set(['virtio', 'qxl']);
const MOST_HEADS = 4;
const SILENT = 'none';

/** What the guest draws on, and what it plays through. */
export function ScreenForm({ model, device }: DeviceFormProps) {
  const { t } = useText();
  const { draft, stored, live, put, editable } = model;
  const offered = useHostOptions(model.target.linkId)?.videoModels;
  const wishedVideo = draft.get('set-video');
  const video = wishedVideo?.type === 'set-video' ? wishedVideo : stored.video;
  const wishedSound = draft.get('set-sound');
  const sound = wishedSound?.type === 'set-sound' ? wishedSound.model : stored.sound;
  const restart = live === null ? undefined : t('hardware:needsRestart');
  // A model that another tool chose stays in the list, so that the list says what there is.
  const models = [...new Set([...(offered ?? videoModel.options), ...(video ? [video.model] : [])])];
  const heads = video?.heads ?? 1;
  const sounds = [...new Set([...soundModel.options, ...(sound === null ? [] : [sound])])];
  return (
    <FormFrame model={model} device={device} title={t('hardware:device.screen')}>
      <FactList
        facts={[
          {
            label: t('hardware:screen.shown'),
            value: stored.graphics.map((kind) => kind.toUpperCase()).join(', ') || t('common:none'),
          },
        ]}
      />
      <div className={classes['two']}>
        <Select
          label={t('hardware:field.video')}
          description={restart}
          placeholder={t('common:none')}
          allowDeselect={false}
          disabled={!editable}
          value={video?.model ?? null}
          data={models}
          onChange={(value) => {
            const chosen = videoModel.safeParse(value);
            if (!chosen.success) return;
            put({ type: 'set-video', model: chosen.data, heads: manyHeads.has(chosen.data) ? heads : 1 });
          }}
        />
        <NumberField
          label={t('hardware:field.heads')}
          description={t('hardware:screen.headsAbout')}
          value={heads}
          min={1}
          max={MOST_HEADS}
          wrong={t('hardware:wrong.range', { min: 1, max: MOST_HEADS })}
          disabled={!editable || video === null || !manyHeads.has(video.model)}
          onCommit={(count) => {
            const chosen = videoModel.safeParse(video?.model);
            if (chosen.success) put({ type: 'set-video', model: chosen.data, heads: count });
          }}
        />
        <Select
          label={t('hardware:field.sound')}
          description={restart}
          allowDeselect={false}
          disabled={!editable}
          value={sound ?? SILENT}
          data={[{ value: SILENT, label: t('common:none') }, ...sounds]}
          onChange={(value) => put({ type: 'set-sound', model: soundModel.safeParse(value).data ?? null })}
        />
      </div>
    </FormFrame>
  );
}
