/** Stands in for the native `@vscode/spdlog`, without which output channels and log files stay empty. */
import { appendFileSync, mkdirSync } from "node:fs";
import path from "node:path";

const levels = ["trace", "debug", "info", "warning", "error", "critical"];

export const version = 0;
export function setLevel(): void {}
export function setFlushOn(): void {}

export class Logger {
  private readonly file: string;
  private level = 2;
  private bare = false;

  constructor(_kind: string, _name: string, file: string) {
    this.file = file;
    mkdirSync(path.dirname(file), { recursive: true });
    appendFileSync(file, "");
  }

  getLevel(): number {
    return this.level;
  }
  setLevel(level: number): void {
    this.level = level;
  }
  setPattern(): void {
    this.bare = false;
  }
  clearFormatters(): void {
    this.bare = true;
  }
  flush(): void {}
  drop(): void {}
  trace(message: string): void {
    this.write(0, message);
  }
  debug(message: string): void {
    this.write(1, message);
  }
  info(message: string): void {
    this.write(2, message);
  }
  warn(message: string): void {
    this.write(3, message);
  }
  error(message: string): void {
    this.write(4, message);
  }
  critical(message: string): void {
    this.write(5, message);
  }

  private write(level: number, message: string): void {
    if (level < this.level) {
      return;
    }
    const time = new Date().toISOString().replace("T", " ").replace("Z", "");
    appendFileSync(this.file, this.bare ? message : `${time} [${levels[level]}] ${message}\n`);
  }
}

export async function createRotatingLogger(name: string, file: string): Promise<Logger> {
  return new Logger("rotating", name, file);
}

export const createAsyncRotatingLogger = createRotatingLogger;
