import { type WatchdogAction, watchdogAction, watchdogModel } from '@limen/contract';
import { Select, Switch } from '@mantine/core';
import { useText } from '../../../locales/i18n.ts';
import { FormFrame } from '../FormFrame.tsx';
import classes from '../hardware.module.css';
import type { DeviceFormProps } from './CpuForm.tsx';

const NO_DOG = 'none';

/** Small devices that help a guest along: random numbers, and a watchdog for when it hangs. */
export function ServicesForm({ model, device }: DeviceFormProps) {
  const { t } = useText();
  const { draft, stored, live, put, editable } = model;
  const wishedRng = draft.get('set-rng');
  const rng = wishedRng?.type === 'set-rng' ? wishedRng.present : stored.rng;
  const wishedDog = draft.get('set-watchdog');
  const dog = wishedDog?.type === 'set-watchdog' ? wishedDog : stored.watchdog;
  const dogModel = dog?.model ?? null;
  const action: WatchdogAction = watchdogAction.safeParse(dog?.action).data ?? 'reset';
  const restart = live === null ? undefined : t('hardware:needsRestart');
  // The chipset's own watchdog is a part of q35.
  const offered = watchdogModel.options.filter((name) => name !== 'itco' || stored.chipset.includes('q35'));
  const models = [...new Set([...offered, ...(dogModel === null ? [] : [dogModel])])];
  return (
    <FormFrame model={model} device={device} title={t('hardware:device.services')}>
      <Switch
        label={t('hardware:field.rng')}
        description={t('hardware:services.rngAbout')}
        checked={rng}
        disabled={!editable}
        onChange={(event) => put({ type: 'set-rng', present: event.currentTarget.checked })}
      />
      <div className={classes['two']}>
        <Select
          label={t('hardware:field.watchdog')}
          description={restart ?? t('hardware:services.watchdogAbout')}
          allowDeselect={false}
          disabled={!editable}
          value={dogModel ?? NO_DOG}
          data={[{ value: NO_DOG, label: t('common:none') }, ...models]}
          onChange={(value) =>
            put({ type: 'set-watchdog', model: watchdogModel.safeParse(value).data ?? null, action })
          }
        />
        <Select
          label={t('hardware:field.watchdogAction')}
          description={restart ?? t('hardware:services.actionAbout')}
          allowDeselect={false}
          disabled={!editable || dogModel === null}
          value={action}
          data={watchdogAction.options.map((value) => ({
            value,
            label: t(`hardware:services.actions.${value}`),
          }))}
          onChange={(value) => {
            const chosen = watchdogAction.safeParse(value);
            const known = watchdogModel.safeParse(dogModel);
            if (chosen.success && known.success)
              put({ type: 'set-watchdog', model: known.data, action: chosen.data });
          }}
        />
      </div>
    </FormFrame>
  );
}
