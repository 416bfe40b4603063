import { type EditResult, isErrorCode } from '@limen/contract';
import { ActionIcon, Alert, Button, Group, Stack, Text, Tooltip, VisuallyHidden } from '@mantine/core';
import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconBolt,
  IconCheck,
  IconClockPause,
  IconInfoCircle,
  IconLock,
  IconX,
} from '@tabler/icons-react';
import { copyText } from '../../api/clipboard.ts';
import { AsOf } from '../../components/AsOf.tsx';
import { ErrorCallout } from '../../components/ErrorCallout.tsx';
import { useText } from '../../locales/i18n.ts';
import { useFreshness } from '../../stores/freshness.ts';
import classes from './hardware.module.css';
import { orderedEdits } from './model/draft.ts';
import { timingOf } from './model/liveness.ts';
import { deviceName, differenceText, editDeviceId, editText } from './model/words.ts';
import type { HardwareModel, Outcome } from './use-hardware-model.ts';

interface BarProps {
  readonly model: HardwareModel;
}

/** What will change, in words; when it can; and what became of the last try. Always there, so that nothing jumps. */
export function ChangesBar({ model }: BarProps) {
  const { t } = useText();
  const { draft, hardware, editable, busy, changedMeanwhile, error } = model;
  const edits = orderedEdits(draft);
  const isOff = hardware.live === null;
  const possibleNow = edits.filter(({ edit }) => timingOf(edit, hardware).when === 'now').length;
  const blocked = !editable || edits.length === 0 || changedMeanwhile !== null;
  const whyNotNow = isOff
    ? t('hardware:bar.off')
    : possibleNow === 0
      ? t('hardware:bar.nothingNow')
      : undefined;
  return (
    <section className={classes['bar']} aria-label={t('hardware:bar.label')}>
      <Stack gap="xs" className={classes['notices'] ?? ''} display={hasNotice(model) ? undefined : 'none'}>
        {changedMeanwhile && <ChangedNotice model={model} />}
        {error && <ErrorCallout error={error} title={t('hardware:bar.failed')} copy={copyText} />}
        {model.outcomes.length > 0 && <Outcomes model={model} />}
      </Stack>
      <div>
        <ReadOnlyNote model={model} />
        {edits.length === 0 ? (
          model.readOnly === null && (
            <Text size="sm" c="var(--limen-quiet)">
              {t('hardware:bar.none')}
            </Text>
          )
        ) : (
          <Changes model={model} />
        )}
      </div>
      <Group gap="xs" wrap="nowrap" style={{ alignSelf: 'end' }}>
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconArrowBackUp size={16} aria-hidden />}
          disabled={edits.length === 0 || busy !== null}
          onClick={model.revert}
        >
          {t('hardware:bar.revert')}
        </Button>
        <Button
          variant={whyNotNow === undefined ? 'default' : 'filled'}
          disabled={blocked}
          loading={busy === 'next-start'}
          onClick={() => void model.apply('next-start')}
        >
          {t(isOff ? 'hardware:bar.save' : 'hardware:bar.nextBoot')}
        </Button>
        {!isOff && (
          <Tooltip label={whyNotNow} disabled={whyNotNow === undefined || edits.length === 0}>
            <Button
              leftSection={<IconBolt size={16} aria-hidden />}
              {...((blocked || whyNotNow !== undefined) && { 'data-disabled': true })}
              aria-disabled={blocked || whyNotNow !== undefined}
              loading={busy === 'now'}
              onClick={() => {
                if (!blocked && whyNotNow === undefined) void model.apply('now');
              }}
            >
              {t('hardware:bar.now')}
            </Button>
          </Tooltip>
        )}
      </Group>
      {edits.length > 0 && !isOff && possibleNow < edits.length && (
        <Text size="xs" c="var(--limen-quiet)" className={classes['notices'] ?? ''}>
          {possibleNow === 0
            ? t('hardware:bar.nothingNow')
            : t('hardware:bar.someNow', { count: possibleNow, total: edits.length })}
        </Text>
      )}
    </section>
  );
}

function hasNotice({ changedMeanwhile, error, outcomes }: HardwareModel): boolean {
  return changedMeanwhile !== null || error !== undefined || outcomes.length > 0;
}

function ReadOnlyNote({ model: { readOnly, target } }: BarProps) {
  const { t } = useText();
  const freshness = useFreshness(target.linkId);
  if (readOnly === null) return null;
  const Icon = readOnly === 'away' ? IconClockPause : IconLock;
  return (
    <Group gap={8} wrap="nowrap" align="flex-start" c="var(--limen-quiet)">
      <Icon size={16} aria-hidden style={{ flex: 'none', marginTop: 2 }} />
      <Text size="sm">
        {t(`hardware:readOnly.${readOnly}`)}{' '}
        {freshness.kind === 'stale' && readOnly === 'away' && <AsOf at={freshness.asOf} />}
      </Text>
    </Group>
  );
}

function Changes({ model }: BarProps) {
  const { t } = useText();
  const { draft, hardware, speech } = model;
  return (
    <ul className={`${classes['plainList']} ${classes['changes']}`} aria-label={t('hardware:bar.label')}>
      {orderedEdits(draft).map(({ key, edit }) => {
        const timing = timingOf(edit, hardware);
        const device = deviceName(editDeviceId(key, edit), speech);
        const isNow = timing.when === 'now';
        const why = isNow ? t('hardware:timing.nowAbout') : t(`hardware:timing.${timing.reason}`);
        return (
          <li key={key} className={classes['change']}>
            <Tooltip label={why}>
              <span
                className={classes['when']}
                style={{ color: isNow ? 'var(--limen-running)' : 'var(--limen-paused)' }}
              >
                {isNow ? <IconBolt size={14} aria-hidden /> : <IconClockPause size={14} aria-hidden />}
                {t(
                  isNow
                    ? 'hardware:timing.now'
                    : timing.reason === 'off'
                      ? 'hardware:timing.start'
                      : 'hardware:timing.restart',
                )}
              </span>
            </Tooltip>
            <span>
              <strong>{device}</strong> {editText(edit, hardware, speech)}
              <VisuallyHidden>{why}</VisuallyHidden>
            </span>
            <ActionIcon
              size="xs"
              aria-label={t('hardware:bar.drop', { device })}
              disabled={!model.editable}
              onClick={() => model.drop(key)}
            >
              <IconX size={12} />
            </ActionIcon>
          </li>
        );
      })}
    </ul>
  );
}

/** Somebody else was faster: what they did, and that nothing is overwritten unseen. */
function ChangedNotice({ model }: BarProps) {
  const { t } = useText();
  const { changedMeanwhile, speech } = model;
  return (
    <Alert
      variant="light"
      color="yellow"
      icon={<IconAlertTriangle aria-hidden />}
      title={t('hardware:changed.title')}
      role="alert"
    >
      <Stack gap="xs" align="flex-start">
        <ul className={classes['plainList']}>
          {changedMeanwhile?.map((difference) => (
            <li key={`${difference.deviceId} ${difference.field}`}>
              <Text size="sm">
                <strong>{deviceName(difference.deviceId, speech)}</strong>{' '}
                {differenceText(difference, speech)}
              </Text>
            </li>
          ))}
          {changedMeanwhile?.length === 0 && <li>{t('hardware:changed.unseen')}</li>}
        </ul>
        <Text size="sm">{t('hardware:changed.body')}</Text>
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={model.rebase}>
            {t('hardware:changed.keep')}
          </Button>
          <Button size="xs" variant="default" onClick={model.revert}>
            {t('hardware:changed.discard')}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}

function Outcomes({ model }: BarProps) {
  const { t } = useText();
  const refused = model.outcomes.some(({ result }) => result.outcome === 'refused');
  return (
    <Alert
      variant="light"
      color={refused ? 'red' : 'gray'}
      icon={refused ? <IconAlertTriangle aria-hidden /> : <IconInfoCircle aria-hidden />}
      title={t(refused ? 'hardware:outcome.someRefused' : 'hardware:outcome.title')}
      {...(refused && { styles: { title: { color: 'var(--limen-error)' } } })}
      role={refused ? 'alert' : 'status'}
      withCloseButton
      closeButtonLabel={t('common:close')}
      onClose={model.dismissOutcomes}
    >
      <ul className={`${classes['plainList']} ${classes['changes']}`}>
        {model.outcomes.map((outcome) => (
          <OutcomeLine key={outcome.key} outcome={outcome} isOff={model.live === null} />
        ))}
      </ul>
      {refused && model.draft.size > 0 && (
        <Text size="sm" mt={4}>
          {t('hardware:outcome.kept')}
        </Text>
      )}
    </Alert>
  );
}

function OutcomeLine({ outcome, isOff }: { readonly outcome: Outcome; readonly isOff: boolean }) {
  const { t } = useText();
  const { result } = outcome;
  const looks = {
    applied: {
      icon: IconCheck,
      color: 'var(--limen-running)',
      text: t(isOff ? 'hardware:outcome.saved' : 'hardware:outcome.applied'),
    },
    'at-next-start': {
      icon: IconClockPause,
      color: 'var(--limen-paused)',
      text: t('hardware:outcome.atNextStart'),
    },
    refused: { icon: IconX, color: 'var(--limen-error)', text: t('hardware:outcome.refused') },
  };
  const { icon: Icon, color, text } = looks[result.outcome];
  return (
    <li className={classes['change']}>
      <span className={classes['when']} style={{ color }}>
        <Icon size={14} aria-hidden /> {text}
      </span>
      <span>
        <strong>{outcome.device}</strong> {outcome.text}
        <Refusal result={result} />
      </span>
    </li>
  );
}

function Refusal({ result }: { readonly result: EditResult }) {
  const { t } = useText();
  if (result.outcome !== 'refused') return null;
  const { code, detail } = result;
  return (
    <Text size="sm">
      {isErrorCode(code) && `${t(`errors:${code}.what`)}: `}
      {detail} {isErrorCode(code) && t(`errors:${code}.todo`)}
    </Text>
  );
}
