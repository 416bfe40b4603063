/** Hand a picture to the person as a file; the main process asks where to put it. */
export function saveScreenshot(image: Blob, machineName: string): void {
  const url = URL.createObjectURL(image);
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = `${machineName}-${new Date().toISOString().replace(/[:.]/g, '-')}.png`;
  anchor.click();
  // The download has taken its own reference by the next task.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}

/** Rejects where the window may not write to the clipboard. */
export async function copyScreenshot(image: Blob): Promise<void> {
  await navigator.clipboard.write([new ClipboardItem({ [image.type]: image })]);
}
