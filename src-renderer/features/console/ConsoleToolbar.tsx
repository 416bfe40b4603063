import {
  ActionIcon,
  type ActionIconProps,
  Group,
  Menu,
  SegmentedControl,
  Text,
  Tooltip,
} from '@mantine/core';
import {
  IconCamera,
  IconCopy,
  IconDownload,
  IconExternalLink,
  IconKeyboard,
  IconMaximize,
  IconPower,
} from '@tabler/icons-react';
import { MachineActionItems } from '../../actions/MachineActionItems.tsx';
import { useOpenConsole } from '../../actions/use-open-console.ts';
import { asLimenError, call } from '../../api/bridge.ts';
import { notifyDone, notifyError } from '../../components/notify.tsx';
import { useText } from '../../locales/i18n.ts';
import { useMachine } from '../../stores/inventory.ts';
import { useLink } from '../../stores/links.ts';
import type { MachineRef } from '../../stores/machine-key.ts';
import { copyScreenshot, saveScreenshot } from './screenshot.ts';
import type { ConsoleController, ConsoleState } from './console-controller.ts';
import { ctrlAltDelete, type KeyCombination, printScreen, virtualTerminals } from './key-combinations.ts';

export interface ConsoleToolbarProps {
  readonly target: MachineRef;
  readonly state: ConsoleState;
  readonly controller: ConsoleController;
  /** In its own native window, as opposed to a tab of the machine page. */
  readonly ownWindow: boolean;
}

/** Slim: power, keys, scale, screenshot, full screen. */
export function ConsoleToolbar({ target, state, controller, ownWindow }: ConsoleToolbarProps) {
  const { t } = useText();
  const machine = useMachine(target);
  const hostName = useLink(target.linkId)?.name;
  const connected = state.phase.kind === 'connected';
  return (
    <Group role="toolbar" aria-label={t('console:toolbar')} gap={4} px="xs" h={40} wrap="nowrap">
      {ownWindow && (
        <Text size="sm" truncate px="xs" miw={0}>
          <strong>{machine?.name}</strong>{' '}
          <Text span inherit c="var(--limen-quiet)">
            {hostName}
          </Text>
        </Text>
      )}
      {machine && (
        <Menu position="bottom-start" onClose={() => controller.focus()}>
          <Menu.Target>
            <Tool label={t('console:power')} icon={<IconPower size={18} />} />
          </Menu.Target>
          <Menu.Dropdown>
            <MachineActionItems target={target} machine={machine} />
          </Menu.Dropdown>
        </Menu>
      )}
      <KeysMenu disabled={!connected} onSend={(combination) => controller.send(combination)} />
      <ScreenshotMenu controller={controller} name={machine?.name ?? 'console'} />
      <SegmentedControl
        size="xs"
        ml="xs"
        aria-label={t('console:scale')}
        value={state.fit ? 'fit' : 'native'}
        onChange={(value) => controller.setFit(value === 'fit')}
        data={[
          { value: 'fit', label: t('console:fit') },
          { value: 'native', label: t('console:native') },
        ]}
      />
      <Text
        size="xs"
        c="var(--limen-quiet)"
        ml="auto"
        mr="xs"
        role="status"
        style={{ whiteSpace: 'nowrap' }}
        {...(state.firstFrameMs !== null && { title: t('console:latency', { ms: state.firstFrameMs }) })}
      >
        <PhaseText state={state} />
      </Text>
      {ownWindow ? (
        <Tool
          label={t('console:fullScreen')}
          icon={<IconMaximize size={18} />}
          onClick={() => {
            call('windows.toggleFullScreen', {}).catch((error: unknown) =>
              notifyError(t('console:fullScreen'), asLimenError(error), t),
            );
            controller.focus();
          }}
        />
      ) : (
        <OpenWindow target={target} />
      )}
    </Group>
  );
}

function OpenWindow({ target }: { readonly target: MachineRef }) {
  const { t } = useText();
  const open = useOpenConsole();
  return (
    <Tool
      label={t('console:openWindow')}
      icon={<IconExternalLink size={18} />}
      onClick={() => open(target)}
    />
  );
}

function PhaseText({ state }: { readonly state: ConsoleState }) {
  const { t } = useText();
  switch (state.phase.kind) {
    case 'connected':
      return t('console:phase.connected');
    case 'connecting':
      return t(state.phase.again ? 'console:phase.reconnecting' : 'console:phase.connecting');
    case 'waiting':
      return t('console:phase.reconnecting');
    case 'paused':
      return t('console:phase.paused');
    case 'off':
      return t('console:phase.off');
    case 'refused':
      return t('console:phase.refused');
    case 'gone':
    case 'no-screen':
      return null;
  }
}

function KeysMenu({
  disabled,
  onSend,
}: {
  readonly disabled: boolean;
  readonly onSend: (keys: KeyCombination) => void;
}) {
  const { t } = useText();
  const item = (combination: KeyCombination) => (
    <Menu.Item key={combination.label} onClick={() => onSend(combination)}>
      {combination.label}
    </Menu.Item>
  );
  return (
    <Menu position="bottom-start" disabled={disabled} returnFocus={false}>
      <Menu.Target>
        <Tool label={t('console:keys')} icon={<IconKeyboard size={18} />} disabled={disabled} />
      </Menu.Target>
      <Menu.Dropdown mah="70vh" style={{ overflowY: 'auto' }}>
        {item(ctrlAltDelete)}
        {item(printScreen)}
        <Menu.Divider />
        {virtualTerminals.map(item)}
      </Menu.Dropdown>
    </Menu>
  );
}

function ScreenshotMenu({
  controller,
  name,
}: {
  readonly controller: ConsoleController;
  readonly name: string;
}) {
  const { t } = useText();
  const take = async (use: (image: Blob) => Promise<void> | void) => {
    const image = await controller.screenshot();
    if (image) await use(image);
    controller.focus();
  };
  const copy = () =>
    take(copyScreenshot).then(
      () => notifyDone(t('console:screenshotCopied')),
      () => notifyDone(t('console:screenshotFailed')),
    );
  return (
    <Menu position="bottom-start" returnFocus={false}>
      <Menu.Target>
        <Tool label={t('console:screenshot')} icon={<IconCamera size={18} />} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() => void take((image) => saveScreenshot(image, name))}
        >
          {t('console:screenshotSave')}
        </Menu.Item>
        <Menu.Item leftSection={<IconCopy size={16} aria-hidden />} onClick={() => void copy()}>
          {t('console:screenshotCopy')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

type ButtonProps = Omit<React.ComponentPropsWithRef<'button'>, keyof ActionIconProps>;

interface ToolProps extends ActionIconProps, ButtonProps {
  readonly label: string;
  readonly icon: React.ReactNode;
}

function Tool({ label, icon, ...button }: ToolProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon size={30} {...button} aria-label={label}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}
