import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useText } from '../../locales/i18n.ts';
import { useMachine } from '../../stores/inventory.ts';
import type { MachineRef } from '../../stores/machine-key.ts';
import { ConsoleOverlay } from './ConsoleOverlay.tsx';
import { ConsoleToolbar } from './ConsoleToolbar.tsx';
import classes from './ConsoleView.module.css';
import { ConsoleController } from './console-controller.ts';

export interface ConsoleViewProps {
  readonly target: MachineRef;
  readonly ownWindow: boolean;
}

/** A machine's screen with its tools; the same in a tab and in a window of its own. */
export function ConsoleView({ target, ownWindow }: ConsoleViewProps) {
  const { linkId, machineId } = target;
  const [controller, setController] = useState<ConsoleController>();
  const canvas = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const parent = canvas.current;
    if (!parent) return;
    const made = new ConsoleController({ linkId, machineId });
    void made.mount(parent);
    setController(made);
    return () => {
      made.dispose();
      parent.replaceChildren();
    };
  }, [linkId, machineId]);

  return (
    <div className={classes['console']} data-own-window={ownWindow || undefined}>
      {controller && (
        <ConsoleFrame target={target} controller={controller} ownWindow={ownWindow} part="toolbar" />
      )}
      <div className={classes['stage']}>
        <Screen target={target} parentRef={canvas} />
        {controller && (
          <ConsoleFrame target={target} controller={controller} ownWindow={ownWindow} part="overlay" />
        )}
      </div>
    </div>
  );
}

interface ScreenProps {
  readonly target: MachineRef;
  readonly parentRef: React.RefObject<HTMLDivElement | null>;
}

/** An empty element as far as React is concerned: what is in it belongs to the controller. */
function Screen({ target, parentRef }: ScreenProps) {
  const { t } = useText();
  const name = useMachine(target)?.name ?? '';
  return (
    <div
      ref={parentRef}
      className={classes['screen']}
      role="application"
      aria-label={t('console:screen', { name })}
    />
  );
}

interface ConsoleFrameProps extends ConsoleViewProps {
  readonly controller: ConsoleController;
  readonly part: 'toolbar' | 'overlay';
}

function ConsoleFrame({ target, controller, ownWindow, part }: ConsoleFrameProps) {
  const state = useSyncExternalStore(controller.subscribe, controller.getState);
  if (part === 'overlay') return <ConsoleOverlay target={target} state={state} controller={controller} />;
  return <ConsoleToolbar target={target} state={state} controller={controller} ownWindow={ownWindow} />;
}
