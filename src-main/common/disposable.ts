/** Something that was opened and must be closed. `Symbol.dispose` does not exist in Electron 25's Node 18. */
export interface Disposable {
  dispose(): void;
}
