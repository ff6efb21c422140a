/** `act`, run at once and then at most every so many milliseconds, the last time after the last call. */
export function throttled(act: () => void, milliseconds: number): (() => void) & { dispose(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isDue = false;
  const run = (): void => {
    act();
    timer = setTimeout(() => {
      timer = undefined;
      if (isDue) {
        isDue = false;
        run();
      }
    }, milliseconds);
  };
  const call = () => {
    if (timer === undefined) {
      run();
    } else {
      isDue = true;
    }
  };
  return Object.assign(call, { dispose: () => clearTimeout(timer) });
}
