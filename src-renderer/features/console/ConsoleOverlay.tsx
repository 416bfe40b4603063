import { Button, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { usePowerAction } from '../../actions/use-power-action.ts';
import { errorText } from '../../components/error-text.ts';
import { actionIcons, stateLooks } from '../../components/state-icons.ts';
import { useNow } from '../../lib/use-now.ts';
import { useText } from '../../locales/i18n.ts';
import { useMachine } from '../../stores/inventory.ts';
import { useLink } from '../../stores/links.ts';
import { type MachineRef, machineKey } from '../../stores/machine-key.ts';
import { offeredActions, usePendingAction } from '../../stores/power.ts';
import classes from './ConsoleView.module.css';
import type { ConsoleController, ConsoleState } from './console-controller.ts';
import type { ConsoleFailure } from './console-session.ts';

export interface ConsoleOverlayProps {
  readonly target: MachineRef;
  readonly state: ConsoleState;
  readonly controller: ConsoleController;
}

/** Over the last frame: why the screen is not live, and what can be done. Never a dead black window. */
export function ConsoleOverlay({ target, state, controller }: ConsoleOverlayProps) {
  const { t } = useText();
  const name = useMachine(target)?.name ?? t('console:gone.unknown');
  const { phase } = state;
  if (state.loadFailed) return <Card title={t('console:loadFailed')} />;
  switch (phase.kind) {
    case 'connected':
      return null;
    case 'connecting':
      return <Card busy title={t(phase.again ? 'console:phase.reconnecting' : 'console:phase.connecting')} />;
    case 'paused':
      return <Paused target={target} />;
    case 'waiting':
      return (
        <Waiting target={target} controller={controller} failure={phase.failure} retryAt={phase.retryAt} />
      );
    case 'refused': {
      const text = errorText(phase.error, t);
      return (
        <Card title={text.what} body={`${text.why} ${text.todo}`}>
          <Button variant="default" onClick={() => controller.retryNow()}>
            {t('console:retryNow')}
          </Button>
        </Card>
      );
    }
    case 'gone':
      return <Card title={t('console:gone.title', { name })} body={t('console:gone.body')} />;
    case 'no-screen':
      return <Card title={t('console:noScreen.title', { name })} body={t('console:noScreen.body')} />;
    case 'off':
      return <Off target={target} />;
  }
}

interface CardProps {
  readonly title: string;
  readonly body?: string | undefined;
  readonly busy?: boolean;
  readonly children?: React.ReactNode;
}

function Card({ title, body, busy = false, children }: CardProps) {
  return (
    <div className={classes['overlay']}>
      <Stack className={classes['card']} gap="xs" align="center" role="status">
        <Group gap="sm">
          {busy && <Loader size="sm" aria-hidden />}
          <Title order={2} size="h4">
            {title}
          </Title>
        </Group>
        {body !== undefined && (
          <Text size="sm" c="var(--limen-quiet)" ta="center">
            {body}
          </Text>
        )}
        {children}
      </Stack>
    </div>
  );
}

function Paused({ target }: { readonly target: MachineRef }) {
  const { t } = useText();
  const now = useNow(1_000);
  const link = useLink(target.linkId);
  const retryAt = link?.retryAt ?? null;
  const seconds = retryAt === null ? 0 : Math.max(0, Math.ceil((Date.parse(retryAt) - now) / 1000));
  const title = seconds > 0 ? t('console:phase.waiting', { seconds }) : t('console:phase.reconnecting');
  return <Card busy title={title} body={t('console:cause.link', { host: link?.name ?? '' })} />;
}

interface WaitingProps {
  readonly target: MachineRef;
  readonly controller: ConsoleController;
  readonly failure: ConsoleFailure;
  readonly retryAt: number;
}

function Waiting({ target, controller, failure, retryAt }: WaitingProps) {
  const { t } = useText();
  const now = useNow(500);
  const host = useLink(target.linkId)?.name ?? '';
  const seconds = Math.max(0, Math.ceil((retryAt - now) / 1000));
  const cause =
    failure.cause === 'refused'
      ? failure.error
        ? errorText(failure.error, t).why
        : t('console:cause.protocol')
      : t(`console:cause.${failure.cause}`, { host });
  const title = seconds > 0 ? t('console:phase.waiting', { seconds }) : t('console:phase.reconnecting');
  return (
    <Card busy title={title} body={cause}>
      {seconds > 0 && (
        <Button size="xs" variant="default" onClick={() => controller.retryNow()}>
          {t('console:retryNow')}
        </Button>
      )}
    </Card>
  );
}

function Off({ target }: { readonly target: MachineRef }) {
  const { t } = useText();
  const machine = useMachine(target);
  const link = useLink(target.linkId);
  const pending = usePendingAction(machineKey(target.linkId, target.machineId));
  const run = usePowerAction();
  if (!machine) return null;
  const { name } = machine;
  if (pending === 'start') return <Card busy title={t('console:off.starting', { name })} />;
  const Start = actionIcons.start;
  const state = t(stateLooks[machine.state].label).toLowerCase();
  return (
    <Card title={t('console:off.title', { name, state })} body={t('console:off.body')}>
      {offeredActions(link, machine).includes('start') && (
        <Button leftSection={<Start size={16} aria-hidden />} onClick={() => run(target, machine, 'start')}>
          {t('power:action.start')}
        </Button>
      )}
    </Card>
  );
}
