import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** The editor in the desktop's own colours, both themes at once through its variables. */
const look = EditorView.theme({
  '&': { height: '100%', fontSize: '12.5px', backgroundColor: 'var(--limen-raised)', color: 'inherit' },
  '&.cm-focused': { outline: '2px solid var(--mantine-primary-color-filled)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', lineHeight: '1.55' },
  '.cm-gutters': {
    backgroundColor: 'var(--limen-canvas)',
    color: 'var(--limen-quiet)',
    borderRight: '1px solid var(--limen-line)',
  },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--limen-hover)' },
  '.cm-content': { caretColor: 'var(--mantine-color-text)' },
  '.cm-cursor': { borderLeftColor: 'var(--mantine-color-text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--mantine-color-accent-light)',
  },
  '.cm-changedLine': {
    backgroundColor: 'color-mix(in srgb, var(--limen-running) 12%, transparent) !important',
  },
  '.cm-deletedChunk': {
    backgroundColor: 'color-mix(in srgb, var(--limen-error) 12%, transparent) !important',
  },
  '.cm-changedText': { background: 'color-mix(in srgb, var(--limen-running) 26%, transparent) !important' },
  '.cm-deletedChunk .cm-deletedText': {
    background: 'color-mix(in srgb, var(--limen-error) 26%, transparent) !important',
  },
  '.cm-collapsedLines': {
    background: 'var(--limen-canvas) !important',
    color: 'var(--limen-quiet)',
  },
});

const colours = HighlightStyle.define([
  { tag: [tags.tagName, tags.angleBracket], color: 'var(--limen-busy)' },
  { tag: tags.attributeName, color: 'var(--limen-saved)' },
  { tag: tags.attributeValue, color: 'var(--limen-running)' },
  { tag: [tags.comment, tags.processingInstruction], color: 'var(--limen-quiet)', fontStyle: 'italic' },
]);

export const editorTheme: Extension = [look, syntaxHighlighting(colours)];
