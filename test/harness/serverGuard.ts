/**
 * Preloaded into the VS Code server: ends it with all its children when the process that started it is gone,
 * so that nothing stays behind even after a `kill -9` of the tests.
 */
// The server's children inherit the preload, and have parents of their own.
if (process.argv[1]?.endsWith("server-main.js")) {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) {
      process.kill(-process.pid, "SIGKILL");
    }
  }, 1000).unref();
}

export {};
