/** Stands in for the native `@vscode/native-watchdog`: the extension host also looks after its parent in JavaScript. */
export function start(): void {}
