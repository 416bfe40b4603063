/** X keysym and physical key (KeyboardEvent.code): the second is what QEMU turns into a scancode. */
export interface KeyStroke {
  readonly keysym: number;
  readonly code: string;
}

export interface KeyCombination {
  /** As keyboards print it; the same in all languages. */
  readonly label: string;
  readonly strokes: readonly KeyStroke[];
}

const control: KeyStroke = { keysym: 0xffe3, code: 'ControlLeft' };
const alt: KeyStroke = { keysym: 0xffe9, code: 'AltLeft' };
const F1_KEYSYM = 0xffbe;

function functionKey(number: number): KeyStroke {
  return { keysym: F1_KEYSYM + number - 1, code: `F${number}` };
}

export const ctrlAltDelete: KeyCombination = {
  label: 'Ctrl+Alt+Del',
  strokes: [control, alt, { keysym: 0xffff, code: 'Delete' }],
};

export const printScreen: KeyCombination = {
  label: 'PrtSc',
  strokes: [{ keysym: 0xff61, code: 'PrintScreen' }],
};

/** Ctrl+Alt+F1 … F12: what the desktop would swallow. */
export const virtualTerminals: readonly KeyCombination[] = Array.from({ length: 12 }, (_, index) => ({
  label: `Ctrl+Alt+F${index + 1}`,
  strokes: [control, alt, functionKey(index + 1)],
}));
