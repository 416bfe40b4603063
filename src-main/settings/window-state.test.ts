import { expect, test } from 'vitest';
import { noWindowState, reachableBounds, rememberConsole } from './window-state.ts';

const display = { x: 0, y: 0, width: 1920, height: 1080 };
const right = { x: 1920, y: 0, width: 1280, height: 720 };

test('keeps bounds on any display, and fits a window larger than its display', () => {
  const bounds = { x: 2000, y: 100, width: 800, height: 600 };
  expect(reachableBounds(bounds, [display, right])).toEqual(bounds);
  expect(reachableBounds({ x: 0, y: 0, width: 4000, height: 3000 }, [display])).toMatchObject({
    width: 1920,
    height: 1080,
  });
});

test('gives up bounds whose title bar nobody can reach', () => {
  expect(reachableBounds({ x: 2000, y: 100, width: 800, height: 600 }, [display])).toBeNull();
  expect(reachableBounds({ x: 100, y: -40, width: 800, height: 600 }, [display])).toBeNull();
  expect(reachableBounds({ x: 1850, y: 100, width: 800, height: 600 }, [display])).toBeNull();
});

test('remembers the consoles used last, each once', () => {
  let state = noWindowState;
  for (let n = 0; n < 250; n += 1) state = rememberConsole(state, `m${n}`, display);
  state = rememberConsole(state, 'm100', right);
  expect(state.consoles).toHaveLength(200);
  expect(state.consoles[0]).toEqual({ key: 'm100', ...right });
  expect(state.consoles.filter(({ key }) => key === 'm100')).toHaveLength(1);
});
